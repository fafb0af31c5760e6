"""A portal set up step by step; each step reads what there is and can be redone."""
