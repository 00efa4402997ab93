"""Change sets as people meet them: the list of them, what each came to, and taking one back."""
