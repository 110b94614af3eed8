"""Speed, measured: ours beside a named baseline in the same run."""
