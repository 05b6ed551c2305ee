"""The propensity score: models, separation, distance."""

from .propensity import PropensityModel, fit_propensity

__all__ = ["PropensityModel", "fit_propensity"]
