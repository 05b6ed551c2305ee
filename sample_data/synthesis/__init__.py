"""How the synthetic cohort msc_covid19.csv is made. Run ../make_msc_covid19.py."""
