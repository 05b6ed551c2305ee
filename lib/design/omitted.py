"""Controls left out of a full matching: how many a share is, and which share leaves out so many."""

ROUNDING = 1e-9  # 0.3 x 10 is 3
MOST_DIGITS = 12


def omitted_of(fraction: float, usable: int) -> int:
    """Controls that `omit_fraction` leaves out of so many usable ones: their share, rounded down."""
    return int(fraction * usable + ROUNDING)


def fraction_for(omitted: int, usable: int) -> str:
    """The shortest `omit_fraction` that leaves out exactly so many of the usable controls."""
    if not omitted:
        return "0"
    for digits in range(1, MOST_DIGITS):
        fraction = round((omitted + 0.5) / usable, digits)
        if omitted_of(fraction, usable) == omitted:
            break
    return f"{fraction:g}" if digits < 6 else repr(fraction)
