"""False alarms: how often each p is below 0.05 where treatment did nothing."""

import pandas as pd
import plotly.graph_objects as go

from ..sensitivity.cry_wolf import CryWolf
from ..words import percent
from ..words.cry_wolf import sentence
from .style import BLUE, VERMILLION, Drawn, blank, draw_rule

ROWS = (("pairs", "As pairs", VERMILLION, "square"), ("quoted", "As quoted", BLUE, "circle"))
ACCEPTED = 5.0  # percent


def cry_wolf(found: CryWolf) -> Drawn:
    """A mark with its 95% Monte Carlo interval for each p; the dashed line is 5%."""
    rows = [row for row in ROWS if getattr(found, row[0]).n]
    numbers = pd.DataFrame(
        [(key, alarms.below, alarms.n, alarms.share, *alarms.limits) for key, alarms in _alarms(found)],
        columns=["p", "below_0.05", "studies", "share", "low", "high"],
    )
    figure = blank(96 + 54 * max(len(rows), 1), margin={"t": 8, "b": 58, "r": 40}, showlegend=False)
    draw_rule(figure, ACCEPTED, (-0.6, len(rows) - 0.4))
    for y, (key, _, color, symbol) in enumerate(rows):
        alarms = getattr(found, key)
        share, (low, high) = 100 * alarms.share, (100 * limit for limit in alarms.limits)
        figure.add_trace(
            go.Scatter(
                x=[share],
                y=[y],
                mode="markers+text",
                text=[percent(alarms.share)],
                textposition="top center",
                cliponaxis=False,
                error_x={"array": [high - share], "arrayminus": [share - low], "color": color, "thickness": 2},
                marker={"symbol": symbol, "size": 12, "color": color},
                hoverinfo="skip",
            )
        )
    most = max([20.0, *(100 * numbers["high"].dropna() + 2)])
    title = "False alarms among studies without any effect (%); dashed: 5%"
    figure.update_xaxes(range=[0, most], title_text=title, showgrid=True)
    names = [name for _, name, _, _ in rows]
    figure.update_yaxes(
        range=[len(rows) - 0.4, -0.6], tickvals=list(range(len(rows))), ticktext=names, ticks="", showline=False
    )
    return Drawn(figure, numbers, sentence(found))


def _alarms(found: CryWolf):
    return (("pairs", found.pairs), ("quoted", found.quoted))
