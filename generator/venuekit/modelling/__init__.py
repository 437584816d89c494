"""Classes of the intermediate model into Python source; its parts are imported when needed."""
