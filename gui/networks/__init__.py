"""Networks: what each is good for, and bringing its weights in."""
