"""The saved-object formats of Kibana 8.19 that mappings/kibana uses, as pydantic models.

Taken from the schemas that Kibana itself checks imports against: `schemas` of the types
`visualization` and `search` ("8.8.0"), the dashboard's attributes, and what the data view service
writes. What the JSON texts inside hold is what the aggregation-based editors save. Unknown fields
are refused everywhere, as Kibana refuses them.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Json


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


Grid = Annotated[int, Field(ge=0, le=10_000)]


class Reference(Strict):
    name: str
    type: Literal["index-pattern", "visualization", "search", "map"]
    id: str


class Query(Strict):
    query: str
    language: Literal["kuery"]


class SearchSource(Strict):
    query: Query
    filter: list[Any]
    indexRefName: str = ""


class Meta(Strict):
    searchSourceJSON: Json[SearchSource]


# --- data views


class UrlParams(Strict):
    type: Literal["img", "a", "audio"]
    urlTemplate: str
    labelTemplate: str
    width: str  # the editor's text fields
    height: str


class UrlFormat(Strict):
    id: Literal["url"]
    params: UrlParams


class Pattern(Strict):
    pattern: str


class NumberFormat(Strict):
    id: Literal["percent", "bytes", "number"]
    params: Pattern


class SourceFilter(Strict):
    value: str


class DataView(Strict):
    title: str
    name: str
    timeFieldName: str | None = None
    fields: Json[list[Any]]
    fieldAttrs: Json[dict[str, Any]]
    fieldFormatMap: Json[dict[str, UrlFormat | NumberFormat]]
    runtimeFieldMap: Json[dict[str, Any]]
    sourceFilters: Json[list[SourceFilter]]
    typeMeta: Json[dict[str, Any]]


# --- visualizations


class Named(Strict):
    customLabel: str = ""


class CountParams(Named):
    emptyAsNull: bool = False


class FieldParams(Named):
    field: str


class PercentileParams(FieldParams):
    percents: list[float]


class TermsParams(FieldParams):
    orderBy: str
    order: Literal["asc", "desc"]
    size: Annotated[int, Field(ge=1)]
    otherBucket: bool
    missingBucket: bool


class Bounds(Strict):
    min: str | None = None
    max: str | None = None


class DateParams(FieldParams):
    interval: Literal["auto", "ms", "s", "m", "h", "d", "w", "M", "y"]
    min_doc_count: int
    drop_partials: bool
    extended_bounds: Bounds


class HistogramParams(FieldParams):
    interval: float
    min_doc_count: bool
    has_extended_bounds: bool


class Range(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    low: float | None = Field(None, alias="from")
    high: float | None = Field(None, alias="to")


class RangeParams(FieldParams):
    ranges: list[Range]


class Filter(Strict):
    label: str
    input: Query


class FiltersParams(Named):
    filters: list[Filter]


PARAMS: dict[str, type[Strict]] = {
    "count": CountParams,
    "sum": FieldParams,
    "max": FieldParams,
    "cardinality": FieldParams,
    "percentiles": PercentileParams,
    "terms": TermsParams,
    "date_histogram": DateParams,
    "histogram": HistogramParams,
    "range": RangeParams,
    "filters": FiltersParams,
}
METRICS = ("count", "sum", "max", "cardinality", "percentiles")
BUCKETS = tuple(kind for kind in PARAMS if kind not in METRICS)

SCHEMAS: dict[str, set[str]] = {
    # which roles an aggregation may have in a chart of this type, as its editor offers them
    "metric": {"metric", "group"},
    "table": {"metric", "bucket", "split"},
    "pie": {"metric", "segment", "split"},
    "histogram": {"metric", "segment", "group", "split", "radius"},
    "horizontal_bar": {"metric", "segment", "group", "split", "radius"},
    "line": {"metric", "segment", "group", "split", "radius"},
}


class Agg(Strict):
    id: str
    enabled: bool
    type: str
    schema_: Annotated[str, Field(alias="schema")]
    params: dict[str, Any]


class Style(Strict):
    bgFill: str
    bgColor: bool
    labelColor: bool
    subText: str
    fontSize: int


class MetricStyle(Strict):
    percentageMode: bool
    useRanges: bool
    colorSchema: str
    metricColorMode: Literal["None", "Labels", "Background"]
    colorsRange: list[Range]
    labels: dict[str, bool]
    invertColors: bool
    style: Style


class MetricParams(Strict):
    type: Literal["metric"]
    addTooltip: bool
    addLegend: bool
    metric: MetricStyle


class TableParams(Strict):
    perPage: int
    showPartialRows: bool
    showMetricsAtAllLevels: bool
    showTotal: bool
    showToolbar: bool
    totalFunc: Literal["sum", "avg", "min", "max", "count"]
    percentageCol: str
    autoFitRowToContent: bool


class Palette(Strict):
    type: Literal["palette"]
    name: str


class PieLabels(Strict):
    show: bool
    last_level: bool
    values: bool
    valuesFormat: Literal["percent", "value"]
    percentDecimals: int
    truncate: int
    position: Literal["default", "inside"]


class PieParams(Strict):
    type: Literal["pie"]
    addTooltip: bool
    legendDisplay: Literal["show", "hide", "default"]
    legendPosition: Literal["top", "bottom", "left", "right"]
    nestedLegend: bool
    truncateLegend: bool
    maxLegendLines: int
    isDonut: bool
    distinctColors: bool
    emptySizeRatio: float
    palette: Palette
    labels: PieLabels


class AxisLabels(Strict):
    show: bool
    filter: bool
    truncate: int
    rotate: int | None = None


class CategoryScale(Strict):
    type: Literal["linear"]


class ValueScale(Strict):
    type: Literal["linear", "log", "square root"]
    mode: Literal["normal", "percentage", "wiggle", "silhouette"]


class CategoryAxis(Strict):
    id: str
    type: Literal["category"]
    position: Literal["left", "right", "top", "bottom"]
    show: bool
    style: dict[str, Any]
    scale: CategoryScale
    labels: AxisLabels
    title: dict[str, str]


class ValueAxis(Strict):
    id: str
    name: str
    type: Literal["value"]
    position: Literal["left", "right", "top", "bottom"]
    show: bool
    style: dict[str, Any]
    scale: ValueScale
    labels: AxisLabels
    title: dict[str, str]


class SeriesData(Strict):
    label: str
    id: str


class Series(Strict):
    show: bool
    type: Literal["histogram", "line", "area"]
    mode: Literal["normal", "stacked"]
    data: SeriesData
    valueAxis: str
    drawLinesBetweenPoints: bool
    lineWidth: float
    interpolate: Literal["linear", "cardinal", "step-after"]
    showCircles: bool


class Threshold(Strict):
    show: bool
    value: float
    width: float
    style: Literal["full", "dashed", "dot-dashed"]
    color: str


class AxisParams(Strict):
    type: Literal["histogram", "line", "area"]
    grid: dict[str, bool]
    categoryAxes: list[CategoryAxis]
    valueAxes: list[ValueAxis]
    seriesParams: list[Series]
    addTooltip: bool
    addLegend: bool
    legendPosition: Literal["top", "bottom", "left", "right"]
    times: list[Any]
    addTimeMarker: bool
    truncateLegend: bool
    maxLegendLines: int
    labels: dict[str, bool]
    thresholdLine: Threshold
    palette: Palette


class VisState(Strict):
    title: str
    type: Literal["metric", "table", "pie", "histogram", "horizontal_bar", "line"]
    aggs: list[Agg]
    params: MetricParams | TableParams | PieParams | AxisParams


class Visualization(Strict):
    title: str
    description: str
    visState: Json[VisState]
    uiStateJSON: Json[dict[str, Any]]
    version: int
    kibanaSavedObjectMeta: Meta


class Search(Strict):
    title: str
    description: str
    columns: list[str]
    sort: list[Annotated[list[str], Field(max_length=2)]]
    grid: dict[str, Any]
    hideChart: bool
    isTextBasedQuery: bool
    rowHeight: int | None = None
    kibanaSavedObjectMeta: Meta


# --- maps: the descriptors of Kibana's maps plugin ("StoredMapAttributes", "LayerDescriptor")


class GridSource(Strict):
    type: Literal["ES_GEO_GRID"]
    id: str
    geoField: str
    requestType: Literal["point", "grid", "hex", "heatmap"]
    resolution: Literal["COARSE", "FINE", "MOST_FINE", "SUPER_FINE"]
    metrics: list[dict[str, str]]
    applyGlobalQuery: bool
    applyGlobalTime: bool
    applyForceRefresh: bool
    indexPatternRefName: str


class Styled(Strict):
    type: Literal["STATIC", "DYNAMIC"]
    options: dict[str, Any]


class VectorStyle(Strict):
    type: Literal["VECTOR"]
    properties: dict[str, Styled]
    isTimeAware: bool


class Layer(Strict):
    id: str
    label: str
    type: Literal["GEOJSON_VECTOR"]
    minZoom: int
    maxZoom: int
    alpha: float
    visible: bool
    includeInFitToBounds: bool
    joins: list[Any]
    sourceDescriptor: GridSource
    style: VectorStyle


class MapState(Strict):
    zoom: float
    center: dict[str, float]
    timeFilters: Bounds | dict[str, str]
    refreshConfig: dict[str, Any]
    query: Query
    filters: list[Any]
    settings: dict[str, Any]


class MapAttributes(Strict):
    title: str
    description: str
    mapStateJSON: Json[MapState]
    layerListJSON: Json[list[Layer]]
    uiStateJSON: Json[dict[str, Any]]


# --- dashboards


class GridData(Strict):
    x: Grid
    y: Grid
    w: Annotated[int, Field(ge=1, le=48)]
    h: Annotated[int, Field(ge=1)]
    i: str


class Panel(Strict):
    version: str
    type: Literal["visualization", "search", "map"]
    gridData: GridData
    panelIndex: str
    embeddableConfig: dict[str, Any]
    panelRefName: str


class Options(Strict):
    useMargins: bool
    syncColors: bool
    syncCursor: bool
    syncTooltips: bool
    hidePanelTitles: bool


class Dashboard(Strict):
    title: str
    description: str
    panelsJSON: Json[list[Panel]]
    optionsJSON: Json[Options]
    timeRestore: bool
    timeFrom: str | None = None
    timeTo: str | None = None
    kibanaSavedObjectMeta: Meta
    version: int


ATTRIBUTES: dict[str, type[Strict]] = {
    "index-pattern": DataView,
    "visualization": Visualization,
    "search": Search,
    "map": MapAttributes,
    "dashboard": Dashboard,
}


def known_version(text: str) -> str:
    """Refuse a version that Kibana 8.19 does not know, or would call newer than itself."""
    if tuple(map(int, text.split("."))) > (8, 19, 0):
        raise ValueError(f"{text} is of a later Kibana")
    return text


Version = Annotated[str, BeforeValidator(known_version)]


class SavedObject(Strict):
    type: Literal["index-pattern", "visualization", "search", "map", "dashboard"]
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$")]
    attributes: dict[str, Any]
    references: list[Reference]
    coreMigrationVersion: Version
    typeMigrationVersion: Version
    managed: bool


def read(line: dict[str, Any]) -> tuple[SavedObject, Any]:
    """Return an object and its attributes as models.

    Raises:
        pydantic.ValidationError: Kibana would not take it.
    """
    one = SavedObject.model_validate(line)
    return one, ATTRIBUTES[one.type].model_validate(one.attributes)
