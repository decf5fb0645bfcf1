package reports

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/go-analyze/charts"
)

// chart is one picture of a timeline, in light and in dark, and what it shows in
// words.
type chart struct {
	Title string
	Words string
	Light template.URL
	Dark  template.Srcset
}

// curve is one line of a chart: a value for each slice.
type curve struct {
	name   string
	values []float64
}

// The size of a chart. The page scales it: up in two columns, down on a phone.
const (
	chartWidth    = 480
	chartHeight   = 240
	chartFontSize = 12
	timesShown    = 6 // on the time axis
)

// charts draws the timeline. One that is too short has none.
func (l timeline) charts() ([]chart, error) {
	if len(l.Slices) < 3 {
		return nil, nil
	}
	var drawn []chart
	for _, about := range l.plots() {
		light, err := l.draw(about, lightTheme())
		if err != nil {
			return nil, fmt.Errorf("cannot draw the chart %q: %w", about.title, err)
		}
		dark, err := l.draw(about, darkTheme())
		if err != nil {
			return nil, fmt.Errorf("cannot draw the chart %q: %w", about.title, err)
		}
		drawn = append(drawn, chart{about.title, about.words, template.URL(light), template.Srcset(dark)})
	}
	return drawn, nil
}

// plot is what one chart shows.
type plot struct {
	title, words string
	curves       []curve
	whole        bool // its values are counts
}

func (l timeline) plots() []plot {
	rows := l.curve("rows", func(s slice) float64 { return l.perSecond(s.Rows) })
	wrong := l.curve("of them not done", func(s slice) float64 { return l.perSecond(s.NotDone) })
	median := l.curve("median", func(s slice) float64 { return known(s.Changes, s.Median.Seconds()) })
	percentile := l.curve("95 of 100 at most", func(s slice) float64 { return known(s.Changes, s.Percentile.Seconds()) })
	flying := l.curve("in flight", func(s slice) float64 { return s.InFlight })
	busy := l.curve("503 answers", func(s slice) float64 { return float64(s.Busy) })
	answers := 0
	for _, s := range l.Slices {
		answers += s.Busy
	}
	span := "Over " + l.clock(len(l.Slices))
	return []plot{
		{"Rows a second", fmt.Sprintf("%s, rows ended at %s a second at most.", span, highest(rows)), []curve{rows, wrong}, false},
		{"Seconds a change takes", fmt.Sprintf("%s, the median of a change was between %s and %s seconds; 95 of 100 took at most %s.",
			span, lowest(median), highest(median), highest(percentile)), []curve{median, percentile}, false},
		{"Changes in flight", fmt.Sprintf("%s, at most %s changes waited for their answer at once, on average over %s.", span,
			highest(flying), length(l.Slice.Seconds())), []curve{flying}, false},
		{"Answers “503 server busy” in " + length(l.Slice.Seconds()),
			fmt.Sprintf("%s, the server answered changes %d times that it was busy, in %s at most %s times.", span, answers,
				length(l.Slice.Seconds()), highest(busy)), []curve{busy}, true},
	}
}

func (l timeline) curve(name string, value func(slice) float64) curve {
	c := curve{name: name}
	for _, s := range l.Slices {
		c.values = append(c.values, value(s))
	}
	return c
}

// known leaves a gap in a curve where nothing was measured.
func known(measured int, value float64) float64 {
	if measured == 0 {
		return charts.GetNullValue()
	}
	return value
}

func (c curve) top() float64 {
	top := 0.0
	for _, value := range c.values {
		if value != charts.GetNullValue() {
			top = max(top, value)
		}
	}
	return top
}

// scale is where an axis ends, and in how many steps: of 1, 2 or 5 and a power of
// ten, at most five of them.
func scale(top float64, whole bool) (end float64, steps int) {
	if top == 0 {
		top = 1
	}
	power := math.Pow10(int(math.Floor(math.Log10(top / 5))))
	for _, digit := range []float64{1, 2, 5, 10} {
		step := digit * power
		if whole {
			step = max(1, step)
		}
		if steps = int(math.Ceil(top/step - 1e-9)); steps <= 5 {
			return step * float64(steps), steps
		}
	}
	return top, 1
}

func highest(c curve) string { return figure(c.top()) }

func lowest(c curve) string { return figure(max(0, slices.Min(c.values))) }

// figure writes a number with as many places as matter.
func figure(value float64) string {
	switch {
	case value >= 10 || value == float64(int(value)):
		return strconv.FormatFloat(value, 'f', 0, 64)
	case value >= 1:
		return strconv.FormatFloat(value, 'f', 1, 64)
	}
	return strconv.FormatFloat(value, 'g', 2, 64)
}

// clock is the time since the run's start at which a slice begins.
func (l timeline) clock(i int) string {
	at := time.Duration(i) * l.Slice
	if l.Slice < time.Second {
		return strconv.FormatFloat(at.Seconds(), 'f', 1, 64) + " s"
	}
	hours, minutes, seconds := int(at.Hours()), int(at.Minutes())%60, int(at.Seconds())%60
	if hours > 0 {
		return fmt.Sprintf("%d:%02d:%02d", hours, minutes, seconds)
	}
	return fmt.Sprintf("%d:%02d", minutes, seconds)
}

// draw gives a plot as the address of a picture that holds itself.
func (l timeline) draw(about plot, theme charts.ColorPalette) (string, error) {
	var values [][]float64
	var names []string
	for _, c := range about.curves {
		values, names = append(values, c.values), append(names, c.name)
	}
	option := charts.NewLineChartOptionWithData(values)
	option.Theme = theme
	option.Padding = charts.NewBox(8, 8, 16, 8)
	option.LineStrokeWidth = 2
	option.FillArea, option.FillOpacity = charts.Ptr(len(values) == 1), 50
	option.Symbol.Shape = charts.SymbolNone
	option.XAxis.Labels = make([]string, len(l.Slices))
	for i := range l.Slices {
		option.XAxis.Labels[i] = l.clock(i)
	}
	option.XAxis.LabelCount = timesShown
	option.XAxis.BoundaryGap = charts.Ptr(false)
	option.XAxis.LabelFontStyle = charts.NewFontStyleWithSize(chartFontSize)
	top, steps := scale(slices.MaxFunc(about.curves, func(a, b curve) int { return cmp.Compare(a.top(), b.top()) }).top(), about.whole)
	option.YAxis[0].Min, option.YAxis[0].Max = charts.Ptr(0.0), charts.Ptr(top)
	option.YAxis[0].LabelFontStyle = option.XAxis.LabelFontStyle
	option.YAxis[0].LabelCount = steps + 1
	option.YAxis[0].ValueFormatter = figure
	option.Legend.Show = charts.Ptr(len(names) > 1)
	option.Legend.SeriesNames = names
	option.Legend.FontStyle = option.XAxis.LabelFontStyle
	painter := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: chartWidth,
		Height: chartHeight, Theme: theme})
	if err := painter.LineChart(option); err != nil {
		return "", err
	}
	svg, err := painter.Bytes()
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg), err
}

// The colours of the charts are those of the page: see page/report.css.
func lightTheme() charts.ColorPalette {
	return chartTheme(false, "#ffffff", "#1b1f26", "#d5dae1", "#0a58ca", "#a40e26")
}

func darkTheme() charts.ColorPalette {
	return chartTheme(true, "#171b22", "#e6e9ee", "#39414d", "#7cb7ff", "#ff8b85")
}

func chartTheme(dark bool, ground, text, grid string, lines ...string) charts.ColorPalette {
	option := charts.ThemeOption{IsDarkMode: dark, BackgroundColor: charts.ColorFromHex(ground), TextColor: charts.ColorFromHex(text),
		AxisStrokeColor: charts.ColorFromHex(grid), AxisSplitLineColor: charts.ColorFromHex(grid)}
	for _, line := range lines {
		option.SeriesColors = append(option.SeriesColors, charts.ColorFromHex(line))
	}
	return charts.MakeTheme(option)
}

// length writes a span of time: "3.2 s", "4 min 5 s", "2 h 7 min".
func length(seconds float64) string {
	whole := time.Duration(seconds * float64(time.Second))
	switch {
	case whole < time.Minute:
		return strconv.FormatFloat(seconds, 'f', 1, 64) + " s"
	case whole < time.Hour:
		return fmt.Sprintf("%d min %d s", int(whole.Minutes()), int(whole.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(whole.Hours()), int(whole.Minutes())%60)
}
