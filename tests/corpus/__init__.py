"""Thousands of mangled files made from clean cohorts: each is read right, asked about, or refused in one sentence."""
