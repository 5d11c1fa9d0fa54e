"""Small drawings as inline SVG: no script, and the colours of the text around them."""

from builder.rendering.charts.bars import bar
from builder.rendering.charts.boxes import Group, boxes_chart
from builder.rendering.charts.climb import climb_chart
from builder.rendering.charts.coverage import coverage_chart
from builder.rendering.charts.film import film_chart
from builder.rendering.charts.foretold import foretold_chart
from builder.rendering.charts.histogram import histogram_chart
from builder.rendering.charts.lines import around_chart, tuning_curve
from builder.rendering.charts.scatter import saturation_chart
from builder.rendering.charts.spread import spread_chart
from builder.rendering.charts.strip import correlation_strip
from builder.rendering.charts.ties import ties_chart
from builder.rendering.charts.trace import trace_chart, trace_end

__all__ = ["Group", "around_chart", "bar", "boxes_chart", "climb_chart", "correlation_strip",
           "coverage_chart", "film_chart", "foretold_chart", "histogram_chart",
           "saturation_chart", "spread_chart", "ties_chart", "trace_chart", "trace_end",
           "tuning_curve"]
