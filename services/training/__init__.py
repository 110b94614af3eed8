"""Training: courses and classes, who enrolled and attended, what was completed, and headcounts."""
