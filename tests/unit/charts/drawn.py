"""Figures as they are drawn."""

from matplotlib.figure import Figure

from analysis.charts import theme


def assert_nothing_is_cut(figure: Figure) -> None:
    """Every word of a figure that was drawn lies inside it; ticks beyond the ends of an axis are not drawn."""
    with theme.theme():
        figure.draw_without_rendering()
    renderer, whole = figure.canvas.get_renderer(), figure.bbox
    for axes in figure.axes:
        said = [*axes.texts, axes._left_title, axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            said += [
                tick for tick, at in zip(axis.get_ticklabels(), axis.get_ticklocs(), strict=True) if low <= at <= high
            ]
        for text in [one for one in said if one.get_text() and one.get_visible()]:
            box = text.get_window_extent(renderer)
            assert whole.x0 <= box.x0 <= box.x1 <= whole.x1, text
            assert whole.y0 <= box.y0 <= box.y1 <= whole.y1, text
