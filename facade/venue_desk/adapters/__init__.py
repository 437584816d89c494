"""One adapter a venue: its client's operations in the words of the desk."""
