"""The same charts as live Plotly figures for JupyterLab. Nothing is loaded from the network: maps are plain polygons."""

from __future__ import annotations

import html
import textwrap

import plotly.graph_objects as go

from cwb.charts.charts import Areas, Bars, Chart, Lines, Matrix, Pairs, Ranges, Stack, Timeline, tints_from
from cwb.charts.palette import FAINT, INK, NAVY, PAPER, SEQUENCE, TEAL, TINTS

_FONT = {"family": "Arial, Helvetica, sans-serif", "size": 14, "color": INK}


def draw(chart: Chart, title: str, subtitle: str) -> object:
    """A chart under its title as the JSON of a Plotly figure."""
    match chart:
        case Bars():
            figure, rows = _bars(chart), len(chart.bars)
        case Stack():
            figure, rows = _stack(chart), 2 * len(chart.bars)
        case Lines():
            figure, rows = _lines(chart), 9
        case Ranges():
            figure, rows = _ranges(chart), len(chart.rows)
        case Areas():
            figure, rows = _areas(chart), 14
        case Pairs():
            figure, rows = _pairs(chart), len(chart.rows)
        case Matrix():
            figure, rows = _matrix(chart), len(chart.rows) + 1
        case Timeline():
            figure, rows = _timeline(chart), len(chart.rows)
    lines = [html.escape(line) for line in textwrap.wrap(subtitle, 95)]
    figure.update_layout(
        title={"text": "<br>".join([f"<b>{html.escape(title)}</b>", *lines]), "font": {"size": 15}},
        font=_FONT,
        template="plotly_white",
        margin={"l": 10, "r": 30, "t": 60 + 20 * len(lines), "b": 30},
        height=130 + 20 * len(lines) + 38 * rows,
        hoverlabel={"font": _FONT},
    )
    return _plain(figure)


def _plain(value: object) -> object:
    """Plotly's objects, arrays and numbers as JSON types."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "to_plotly_json"):
        return _plain(value.to_plotly_json())
    return value.tolist() if hasattr(value, "tolist") else value


def _label(text: str) -> str:
    # Plotly reads a little HTML in labels; a name is only ever text.
    lines = textwrap.wrap(text, 32, break_long_words=False) or [text]
    return "<br>".join(line.replace("&", "&amp;").replace("<", "&lt;") for line in lines)


def _bars(chart: Bars) -> go.Figure:
    figure = go.Figure()
    # Rows by number and not by label: two things may have one name.
    rows: list[int] = []
    for bar in chart.bars:
        rows.append(rows[-1] if bar.joins else rows[-1] + 1 if rows else 0)
    labels = {row: _label(bar.label) for row, bar in zip(rows, chart.bars, strict=True) if not bar.joins}
    for group, position in chart.groups.items():
        members = [(row, bar) for row, bar in zip(rows, chart.bars, strict=True) if bar.group == group]
        figure.add_bar(
            orientation="h",
            name=group,
            y=[row for row, _ in members],
            customdata=[_label(bar.label) for _, bar in members],
            base=[bar.start for _, bar in members],
            x=[bar.value - bar.start for _, bar in members],
            text=[bar.text for _, bar in members],
            textposition="outside",
            cliponaxis=False,
            width=0.7,
            marker_color=SEQUENCE[position],
            hovertemplate="%{customdata}: %{text}<extra></extra>",
        )
    figure.update_yaxes(
        tickvals=list(labels),
        ticktext=list(labels.values()),
        range=[rows[-1] + 0.5, -0.5],
        zeroline=False,
        showgrid=False,
    )
    ends = [0.0, *(bar.value for bar in chart.bars), *(bar.start for bar in chart.bars)]
    longest = max(len(bar.text) for bar in chart.bars)
    # Room beyond the longest bar for what is printed at its end.
    figure.update_xaxes(visible=False, range=[min(ends), (max(ends) or 1.0) * (1 + min(0.022 * longest, 0.9))])
    return figure.update_layout(showlegend=len(chart.groups) > 1, barmode="overlay")


def _stack(chart: Stack) -> go.Figure:
    figure = go.Figure()
    labels = [_label(label) for label, _ in chart.bars]
    for position in range(len(chart.bars[0][1])):
        parts = [pieces[position] for _, pieces in chart.bars]
        figure.add_bar(
            orientation="h",
            name=parts[0][0],
            y=labels,
            x=[share for _, share, _ in parts],
            text=[text for _, _, text in parts],
            marker_color=SEQUENCE[position],
            hovertemplate="%{y}, " + parts[0][0] + ": %{text}<extra></extra>",
        )
    figure.update_yaxes(categoryorder="array", categoryarray=labels[::-1])
    figure.update_xaxes(tickformat=".0%", range=[0, 1])
    return figure.update_layout(barmode="stack")


def _lines(chart: Lines) -> go.Figure:
    figure = go.Figure()
    for position, (name, points) in enumerate(chart.series):
        figure.add_scatter(
            name=name,
            x=[point.x for point in points],
            y=[point.y for point in points],
            text=[point.text for point in points],
            mode="lines+markers",
            line={"color": SEQUENCE[position], "dash": "dash" if name in chart.targets else "solid"},
            hovertemplate="%{x}: %{text}<extra>" + name + "</extra>",
        )
    figure.update_yaxes(tickformat=".0%" if chart.unit == "share" else ",", rangemode="tozero")
    return figure


def _ranges(chart: Ranges) -> go.Figure:
    figure = go.Figure()
    labels = [_label(row[0]) for row in chart.rows]
    figure.add_scatter(
        x=[row[1] for row in chart.rows],
        y=labels,
        text=[row[4] for row in chart.rows],
        mode="markers+text",
        textposition="middle right",
        marker={"size": 13, "color": NAVY},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row[3] - row[1] for row in chart.rows],
            "arrayminus": [row[1] - row[2] for row in chart.rows],
            "color": FAINT,
        },
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    figure.update_yaxes(categoryorder="array", categoryarray=labels[::-1])
    return figure.update_xaxes(tickformat=".0%" if chart.unit == "share" else ",")


def _pairs(chart: Pairs) -> go.Figure:
    figure = go.Figure()
    labels = [_label(label) for label, _, _ in chart.rows]
    ends = [(one, two) for _, one, two in chart.rows]
    for place, symbol, colour in ((0, "circle-open", TEAL), (1, "circle", NAVY)):
        figure.add_scatter(
            name=chart.names[place],
            x=[pair[place][0] for pair in ends],
            y=labels,
            text=[pair[place][1] for pair in ends],
            mode="markers",
            marker={"size": 13, "color": colour, "symbol": symbol, "line": {"width": 2}},
            hovertemplate="%{y}, " + chart.names[place].lower() + ": %{text}<extra></extra>",
        )
    for label, (one, two) in zip(labels, ends, strict=True):
        figure.add_shape(type="line", x0=one[0], x1=two[0], y0=label, y1=label, line={"color": INK}, layer="below")
    figure.update_yaxes(categoryorder="array", categoryarray=labels[::-1])
    return figure.update_xaxes(visible=False, rangemode="tozero")


def _matrix(chart: Matrix) -> go.Figure:
    labels = [_label(label) for label, _ in chart.rows]
    figure = go.Figure(
        go.Heatmap(
            x=[_label(name) for name in chart.columns],
            y=labels,
            z=[[cell[0] if cell else None for cell in cells] for _, cells in chart.rows],
            text=[[cell[1] if cell else "" for cell in cells] for _, cells in chart.rows],
            texttemplate="%{text}",
            colorscale=[[place / 2, tint] for place, tint in enumerate(TINTS)],
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{y}, %{x}: %{text}<extra></extra>",
        )
    )
    return figure.update_yaxes(categoryorder="array", categoryarray=labels[::-1])


def _timeline(chart: Timeline) -> go.Figure:
    figure = go.Figure()
    rows, labels = list(range(len(chart.rows))), [_label(row.label) for row in chart.rows]
    texts = [row.text for row in chart.rows]
    window, until, until_last, marked = chart.names
    for name, ends, line in (
        (until_last, [(row.end, row.last_end) for row in chart.rows], {"color": FAINT, "width": 2, "dash": "dot"}),
        (until, [(row.closes, row.end) for row in chart.rows], {"color": TEAL, "width": 5}),
        (window, [(row.opens, row.closes) for row in chart.rows], {"color": NAVY, "width": 14}),
    ):
        figure.add_scatter(
            name=name,
            x=[day for one, two in ends for day in (one.isoformat(), two.isoformat(), None)],
            y=[place for row in rows for place in (row, row, None)],
            customdata=[
                text for label, text in zip(labels, texts, strict=True) for text in (f"{label}: {text}",) * 3
            ],
            mode="lines",
            line=line,
            hovertemplate="%{customdata}<extra>" + name + "</extra>",
        )
    marks = [(row.mark.isoformat(), place) for place, row in enumerate(chart.rows) if row.mark is not None]
    if marks:
        figure.add_scatter(
            name=marked,
            x=[day for day, _ in marks],
            y=[place for _, place in marks],
            mode="markers",
            marker={"size": 12, "color": INK, "symbol": "diamond"},
        )
    figure.add_vline(x=chart.day.isoformat(), line={"color": INK, "dash": "dash"})
    figure.update_yaxes(
        tickvals=rows, ticktext=labels, range=[len(rows) - 0.5, -0.5], showgrid=False, zeroline=False
    )
    return figure.update_xaxes(type="date")


def _areas(chart: Areas) -> go.Figure:
    figure = go.Figure()
    values = {code: (name, value, text) for code, name, value, text in chart.rows}
    cuts = tints_from(chart)
    for row in chart.outlines.itertuples():
        name, value, text = values.get(row.lad_code, (row.lad_code, None, ""))
        is_own = row.lad_code == chart.own
        shapes = row.geometry.geoms if row.geometry.geom_type == "MultiPolygon" else [row.geometry]
        xs: list[float | None] = []
        ys: list[float | None] = []
        for shape in shapes:
            x, y = shape.exterior.xy
            xs += [*x, None]
            ys += [*y, None]
        figure.add_scatter(
            x=xs,
            y=ys,
            fill="toself",
            mode="lines",
            line={"color": INK, "width": 4 if is_own else 1},
            fillcolor=PAPER if value is None or is_own else TINTS[(value >= cuts[0]) + (value >= cuts[1])],
            name=name,
            text=f"{name}: {text}",
            hoverinfo="text",
            showlegend=False,
        )
        spot = row.geometry.representative_point()
        figure.add_annotation(x=spot.x, y=spot.y, text=f"{_label(name)}<br><b>{text}</b>", showarrow=False)
    figure.update_xaxes(visible=False)
    return figure.update_yaxes(visible=False, scaleanchor="x")
