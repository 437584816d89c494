"""The corpus as a proof: every document made, imported, counted, type-checked and read back."""
