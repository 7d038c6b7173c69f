package content_test

import (
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/dialogs/dialogstest"
	"sachhon/scheduler"
)

func embedded(t testing.TB) *content.Set {
	t.Helper()
	set, problems := content.Load(content.Embedded())
	for _, p := range problems {
		t.Error(p)
	}
	if set == nil {
		t.FailNow()
	}
	return set
}

func TestEmbeddedContentHasNoProblems(t *testing.T) {
	for _, p := range content.Check(content.Embedded()) {
		t.Error(p)
	}
}

// TestTranscripts plays every transcript of the content and lists the ways that
// none of them tries.
func TestTranscripts(t *testing.T) {
	set := embedded(t)
	files, err := fs.Glob(content.Embedded(), "transcripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	taken := map[content.Way]bool{}
	engine := dialogs.NewEngine(set.Library).Traced(func(flow, node, way string) { taken[content.Way{Flow: flow, Node: node, Way: way}] = true })
	for _, name := range files {
		t.Run(name, func(t *testing.T) { play(t, set, engine, name) })
	}
	for _, w := range set.Untried(taken) {
		t.Logf("no transcript tries %s.%s: %s", w.Flow, w.Node, w.Way)
	}
}

func play(t *testing.T, set *content.Set, engine *dialogs.Engine, name string) {
	t.Helper()
	f, err := content.Embedded().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	script, err := dialogstest.Parse(name, f)
	if err != nil {
		t.Fatal(err)
	}
	diff, err := dialogstest.Play(script, dialogstest.NewEngine(engine, pushOf(set)))
	if err != nil {
		t.Fatal(err)
	}
	if diff != "" {
		t.Error(diff)
	}
}

func pushOf(set *content.Set) dialogstest.PushFunc {
	return func(key string, lang dialogs.Lang, values map[string]dialogs.Text) (dialogs.Message, []dialogs.Option, error) {
		p, ok := set.Push(key)
		if !ok {
			return dialogs.Message{}, nil, fmt.Errorf("there is no push %q", key)
		}
		m := p.Message(lang, values)
		if promotes(set, key) {
			m.Text = set.Library.Text("broadcast.label").In(lang) + " " + m.Text + "\n\n" + set.Library.Text("broadcast.refuse").In(lang)
		}
		return m, p.Offers(values), nil
	}
}

// promotes says whether a message is sent as promotion: by a campaign of that
// kind, or as the tip of the week.
func promotes(set *content.Set, push string) bool {
	for _, c := range set.Campaigns().Points {
		if slices.ContainsFunc(c.Points, func(p scheduler.Point) bool { return p.Push == push }) {
			return c.Kind == scheduler.Promotion
		}
	}
	return strings.HasPrefix(push, "weekly_")
}

// TestCampaignsAreRead looks at one line of each part.
func TestCampaignsAreRead(t *testing.T) {
	c := embedded(t).Campaigns()
	class := c.Points[0]
	if class.Kind != scheduler.Service || class.Purpose != "class" || len(class.Points) != 2 {
		t.Errorf("%+v", class)
	}
	want := scheduler.Point{Key: "feedback", Offset: scheduler.Offset{Days: 1}, At: 9 * 60, Within: 5 * 24 * time.Hour, Push: "class_feedback"}
	if !reflect.DeepEqual(class.Points[0], want) {
		t.Errorf("%+v, want %+v", class.Points[0], want)
	}
	if c.Tips[0].Sectors[0] != "wood" || c.Leaflets[1].Month != time.April || c.Leaflets[1].Day != 5 || c.Leaflets[1].ID != "l3" {
		t.Errorf("%+v", c)
	}
}

func BenchmarkCheckContent(b *testing.B) {
	for b.Loop() {
		for _, p := range content.Check(content.Embedded()) {
			b.Fatal(p)
		}
	}
}

func BenchmarkLoadContent(b *testing.B) {
	for b.Loop() {
		if set, problems := content.Load(content.Embedded()); set == nil {
			b.Fatal(problems)
		}
	}
}
