package content_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"sachhon/content"
	"sachhon/dialogs"
)

func TestEmbeddedArticles(t *testing.T) {
	set := embedded(t)
	if n := len(set.Tips()); n != 30 {
		t.Errorf("%d tips", n)
	}
	if n := len(set.Leaflets()); n != 8 {
		t.Errorf("%d leaflets", n)
	}
	if n := len(set.Answers()); n < 40 {
		t.Errorf("%d answers", n)
	}
	l, ok := set.Leaflet("l3")
	if !ok {
		t.Fatal("no leaflet l3")
	}
	kinds := map[content.BlockKind]int{}
	for _, b := range l.Blocks[dialogs.Vietnamese] {
		kinds[b.Kind]++
		if b.Kind == content.Table && (len(b.Rows) != 7 || len(b.Rows[0]) != 5) {
			t.Errorf("the log has rows %q", b.Rows)
		}
		if b.Kind == content.Quote && !strings.Contains(b.Text, "**20–30 %**") {
			t.Errorf("the figure is %q", b.Text)
		}
	}
	if kinds[content.Heading] != 3 || kinds[content.Numbered] != 1 || kinds[content.Table] != 1 || kinds[content.Quote] != 1 {
		t.Error(kinds)
	}
}

func TestTipWords(t *testing.T) {
	set := embedded(t)
	tip, _ := set.Tip("t11")
	words := set.TipWords(&tip)
	for key, want := range map[string]string{
		"tip_source": "Nguồn: AIT và CEFINEA, ngành thủy sản, Việt Nam, 2003 (số liệu tham khảo). Cần đầu tư. Chưa được chuyên gia duyệt.",
		"tip_safety": "Việc này do người có chứng chỉ hoặc bộ phận bảo trì thực hiện.",
	} {
		if words[key].VI != want {
			t.Errorf("%s: %q", key, words[key].VI)
		}
	}
	tip.Review = content.Review{By: "KS. An", On: "2026-12-01"}
	if words := set.TipWords(&tip); strings.Contains(words["tip_source"].VI, "duyệt") {
		t.Errorf("a reviewed tip says %q", words["tip_source"].VI)
	}
}

func TestLeafletPages(t *testing.T) {
	set := embedded(t)
	l, _ := set.Leaflet("l2")
	if _, ok := set.LeafletWords(&l, 0); ok {
		t.Error("there is a page 0")
	}
	if _, ok := set.LeafletWords(&l, len(l.Pages)+1); ok {
		t.Error("there is a page after the last")
	}
	first, _ := set.LeafletWords(&l, 1)
	last, _ := set.LeafletWords(&l, len(l.Pages))
	if first["leaflet_source"].VI != "" || !strings.Contains(last["leaflet_source"].VI, "GTZ") {
		t.Errorf("source: %q, %q", first["leaflet_source"].VI, last["leaflet_source"].VI)
	}
}

// TestCheckNamesEverySlipOfAnArticle spoils one place of an article at a time.
func TestCheckNamesEverySlipOfAnArticle(t *testing.T) {
	const tip, leaflet, ans = "tips/t01-nghe-xi-khi-nen.md", "leaflets/l3-dien-va-khi-nen.md", "answers/a01-san-xuat-sach-hon-la-gi.md"
	for _, tt := range []struct{ slip, file, old, new, want string }{
		{"no particulars", tip, "---\nid", "id", "error: the file does not begin with its particulars"},
		{"unknown key", tip, "sector: all", "sektor: all", "error: the particulars does not know “sektor”: did you mean “sector”?"},
		{"unknown sector", tip, "sector: all", "sector: wod", "error: “sector: wod” is not in subjects.yaml: did you mean “wood”?"},
		{"unknown topic", tip, "[air, electricity]", "[air, electricty]", "error: “topics: electricty” is not in subjects.yaml: did you mean “electricity”?"},
		{"unknown group", tip, "group: gh", "group: xx", "error: “group: xx” is not in subjects.yaml"},
		{"unknown cost", tip, "cost: none", "cost: free", "error: “cost: free” is not in subjects.yaml"},
		{"no source", tip, "source: {vi: Bộ Năng lượng Mỹ, en: US Department of Energy}\n", "", "error: the source is missing"},
		{"figure without year", tip, "source_year: 2004\n", "", "error: a figure for reference needs its source, year and country"},
		{"figure as a norm", tip, "reference: true", "reference: false", "error: a figure in % is shown as if it were a norm"},
		{"no English", tip, "## en", "## eng", "error: “## eng” is no language"},
		{"no title in English", tip, ", en: Listen for air leaks after hours}", "}", "error: the English text is missing"},
		{"two steps", tip, "3. Bảo trì sửa trong tuần, tháng sau dò lại.\n", "", "error: a tip is two paragraphs"},
		{"id used twice", tip, "id: t01", "id: t02", "error: the id “t02” is in tips/t01-"},
		{"id not in the name", tip, "id: t01", "id: t31", "error: the id “t31” is not what the file's name begins with"},
		{"too long", tip, "rồi đi dọc", strings.Repeat("thật chậm ", 30) + "rồi đi dọc", "error: the tip has"},
		{"no day", tip, "reviewed_on:", "reviewed_on: hôm qua", "error: “hôm qua” is not a day"},
		{"half a review", tip, "reviewed_by:", "reviewed_by: KS. An", "warning: a review needs a name and a day"},
		{"hoà for hòa", ans, "chừng ấy hàng", "chừng ấy hàng hoà", "warning: the tone mark of “hoà” stands on the wrong letter"},
		{"letters and marks apart", ans, "title: {vi: Sản", "title: {vi: Sa\u0309n", "error: the letters and their marks are stored apart"},
		{"other word for a term", ans, "Phần lớn câu trả lời", "Phần lớn xí nghiệp", "warning: “xí nghiệp” stands for “doanh nghiệp”"},
		{"unknown command", ans, "leads: tips", "leads: tipps", "error: commands.yaml does not know “tipps”: did you mean “tips”?"},
		{"four measures", leaflet, "4. Đặt tên người tắt cho từng máy, từng dãy đèn khi nghỉ.\n", "", "error: a leaflet has five numbered measures"},
		{"no figure", leaflet, "> Rò khí nén", "Rò khí nén", "error: a leaflet has one figure or fact in a quote"},
		{"other sections", leaflet, "### Leak log", "Leak log", "error: the English text has other sections"},
		{"country unknown", leaflet, "source_country: us", "source_country: usa", "error: “source_country: usa” is not in subjects.yaml: did you mean “us”?"},
		{"list missing", "subjects.yaml", "costs:", "prices:", "error: subjects.yaml does not know “prices”"},
	} {
		t.Run(tt.slip, func(t *testing.T) {
			m := folder(t)
			before := string(m[tt.file].Data)
			after := strings.Replace(before, tt.old, tt.new, 1)
			if after == before {
				t.Fatalf("%s does not hold %q", tt.file, tt.old)
			}
			m[tt.file].Data = []byte(after)
			var all []string
			for _, p := range content.Check(m) {
				if s := p.String(); strings.Contains(s, tt.want) {
					return
				}
				all = append(all, p.String())
			}
			t.Errorf("want %q, got\n%s", tt.want, strings.Join(all, "\n"))
		})
	}
}

// TestArticleProblemsNameTheirLine: lines count from the top of the file, the
// particulars included.
func TestArticleProblemsNameTheirLine(t *testing.T) {
	m := folder(t)
	m["tips/t99-x.md"] = &fstest.MapFile{Data: []byte("---\nid: t99\ntitle: {vi: Một, en: One}\nsector: wod\n---\n## vi\n\nMột.\n\n## en\n\nOne.\n")}
	want := map[string]bool{"tips/t99-x.md:4:9: error: “sector: wod”": false, "tips/t99-x.md:6:1: error: a tip is two paragraphs": false}
	for _, p := range content.Check(m) {
		for start := range want {
			want[start] = want[start] || strings.HasPrefix(p.String(), start)
		}
	}
	for start, met := range want {
		if !met {
			t.Errorf("nothing begins with %q", start)
		}
	}
}

// TestBrokenArticleStopsNothing: what cannot be read is left out, and the
// conversation starts all the same.
func TestBrokenArticleStopsNothing(t *testing.T) {
	m := folder(t)
	m["tips/t01-nghe-xi-khi-nen.md"].Data = []byte("?")
	set, problems := content.Load(m)
	if set == nil {
		t.Fatal(problems)
	}
	if _, ok := set.Tip("t01"); ok || len(set.Tips()) != 29 {
		t.Errorf("%d tips", len(set.Tips()))
	}
}

// TestArticlesAreThoseOfTheVersion: a folder edited after loading changes
// nothing of a set that was loaded before.
func TestArticlesAreThoseOfTheVersion(t *testing.T) {
	m := folder(t)
	set, problems := content.Load(m)
	if set == nil {
		t.Fatal(problems)
	}
	m["tips/t01-nghe-xi-khi-nen.md"].Data = []byte("?")
	if _, ok := set.Tip("t01"); !ok {
		t.Error("the tip is gone")
	}
}

// FuzzArticle holds that no file makes reading fail otherwise than with
// problems, and that what is read has no marks but **strong**.
func FuzzArticle(f *testing.F) {
	m := folder(f)
	for _, name := range []string{"tips/t01-nghe-xi-khi-nen.md", "leaflets/l3-dien-va-khi-nen.md", "answers/a01-san-xuat-sach-hon-la-gi.md"} {
		f.Add(string(m[name].Data))
	}
	f.Add("---\nid: t01\n---\n## vi\n- - [ ] a\n")
	f.Add("---\nid: t01\ntitle: []\n---\n## vi\n| a |\n|--|\n||\n\n> \n")
	f.Fuzz(func(t *testing.T, text string) {
		m := folder(t)
		for _, dir := range []string{"tips/t31-x.md", "leaflets/l31-x.md", "answers/a31x-x.md"} {
			m[dir] = &fstest.MapFile{Data: []byte(text)}
		}
		set, problems := content.Load(m)
		if set == nil {
			t.Fatal(problems)
		}
		for _, tip := range set.Tips() {
			set.TipWords(&tip)
		}
		for _, l := range set.Leaflets() {
			for at := range l.Pages {
				if _, ok := set.LeafletWords(&l, at+1); !ok {
					t.Errorf("page %d of %d is not there", at+1, len(l.Pages))
				}
			}
		}
	})
}
