package documents

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"sachhon/dialogs"
)

// accented are the letters of Vietnamese that a plain typeface lacks: 67 in
// lower case, twelve vowels with five tones each and the seven letters ă â đ ê ô ơ ư.
const accented = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"

func TestEveryLetterOfVietnameseIsThere(t *testing.T) {
	faces, err := loadTypefaces()
	if err != nil {
		t.Fatal(err)
	}
	letters := []rune(accented + strings.ToUpper(accented))
	if len(letters) != 134 {
		t.Fatalf("the alphabet has %d letters, not 134", len(letters))
	}
	if !norm.NFC.IsNormalString(accented) {
		t.Fatal("the alphabet of the test is not composed")
	}
	letters = append(letters, []rune("–—“”‘’…•·×²³₂°≤≥±→□%")...)
	for _, r := range letters {
		for name, cut := range map[string]*typeface{"regular": faces.regular, "bold": faces.bold} {
			if !cut.has[r] || cut.widths[r] == 0 {
				t.Errorf("the %s cut has no %c", name, r)
			}
		}
	}
	for _, r := range letters {
		if got := faces.settable(norm.NFD.String(string(r))); r < 0x2000 && got != string(r) {
			t.Errorf("%c typed in parts is set as %q", r, got)
		}
	}
}

func TestWhatCannotBeSet(t *testing.T) {
	faces, err := loadTypefaces()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"Gỗ 👍 Minh": "Gỗ Minh", "山田 Wood": "□□ Wood", "a\u200bb\u00adc": "abc", "a\u00a0b": "a b", "x\x00\ty\r\nz": "x y\nz", "📅 mai": "mai",
	} {
		if got := faces.settable(in); got != want {
			t.Errorf("%q is set as %q, want %q", in, got, want)
		}
	}
}

func TestNumbersStayWithTheirUnits(t *testing.T) {
	faces, err := loadTypefaces()
	if err != nil {
		t.Fatal(err)
	}
	for measure := 60.0; measure < 400; measure += 3 {
		for _, l := range faces.lines([]run{{"Lò sấy dùng 1.250 kWh mỗi tháng, giảm được chừng 12 % so với năm trước đó", false}}, 10, measure) {
			text := l.pieces[0].text
			if strings.HasPrefix(text, "kWh") || strings.HasPrefix(text, "%") {
				t.Errorf("at %v points a line begins with %q", measure, text)
			}
		}
	}
}

func TestStrong(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "a": "a", "a **b** c": "a [b] c", "**b**": "[b]", "a ** b": "a ** b", "**a** b **c": "[a] b **c", "****": "", "**a**b**c**": "[a]b[c]",
	} {
		var got strings.Builder
		for _, r := range strong(in, false) {
			if r.bold {
				got.WriteString("[" + r.text + "]")
			} else {
				got.WriteString(r.text)
			}
		}
		if got.String() != want {
			t.Errorf("%q is read as %q, want %q", in, got.String(), want)
		}
	}
}

// checkPages finds what lies outside of its page and texts that lie on others.
func checkPages(t *rapid.T, g *galley) {
	for n, page := range g.pages {
		var texts []mark
		for _, m := range page {
			top, bottom := m.y, m.y+m.h
			if m.shape == textShape {
				top, bottom = m.y-m.size, m.y+0.25*m.size
			}
			if m.x < 0 || top < 0 || m.x+m.w > g.width+0.01 || bottom > g.height+0.01 || math.IsNaN(m.x+m.y+m.w+m.h) {
				t.Fatalf("page %d: %+v is not on a page of %v × %v", n+1, m, g.width, g.height)
			}
			if m.shape != textShape || strings.TrimSpace(m.text) == "" {
				continue
			}
			for _, other := range texts {
				if m.x < other.x+other.w-0.5 && other.x < m.x+m.w-0.5 && math.Abs(m.y-other.y) < 0.9*min(m.size, other.size) {
					t.Fatalf("page %d: %q lies on %q", n+1, m.text, other.text)
				}
			}
			texts = append(texts, m)
		}
	}
}

// words that people may write: short, long, in parts, marked, of other scripts.
func someText() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{"Đo ẩm gỗ trước và sau sấy", "**1.250 kWh**", "ngoằn ngoèo", "–", "**", "\n", "điện–nước–nhiên liệu", "山田", "👍", strings.Repeat("ỡ", 150), norm.NFD.String("Nguyễn Thị Hòa")}),
		rapid.String(),
	)
	return rapid.Map(rapid.SliceOfN(part, 0, 12), func(parts []string) string { return strings.Join(parts, " ") })
}

func TestResultsStayOnTheirPages(t *testing.T) {
	faces, err := loadTypefaces()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := someText()
		draw := func(name string) string { return text.Draw(t, name) }
		s := Sheet{
			Lang:  rapid.SampledFrom([]dialogs.Lang{dialogs.Vietnamese, dialogs.English}).Draw(t, "lang"),
			Title: draw("title"), Agency: draw("agency"), Enterprise: draw("enterprise"), Sector: draw("sector"), Date: draw("date"), Version: draw("version"), Band: draw("band"),
			Answered: rapid.Int().Draw(t, "answered"), Disclaimer: draw("disclaimer"), Reviewed: draw("reviewed"),
		}
		for i := range rapid.IntRange(0, 20).Draw(t, "sections") {
			s.Sections = append(s.Sections, SheetSection{draw("name"), draw("band"), rapid.IntRange(-2, 120).Draw(t, fmt.Sprint("percent ", i))})
		}
		for range rapid.IntRange(0, 5).Draw(t, "actions") {
			s.Actions = append(s.Actions, SheetAction{Title: draw("title"), Why: draw("why"), How: []string{draw("how"), draw("how")}, Source: draw("source"), Cost: draw("cost"), Safety: true})
		}
		for range rapid.IntRange(0, 8).Draw(t, "answers") {
			s.Answers = append(s.Answers, SheetAnswer{draw("section"), draw("question"), draw("answer")})
			s.Unknown = append(s.Unknown, draw("unknown"))
			s.Figures = append(s.Figures, SheetFigure{draw("name"), draw("value"), draw("was")})
		}
		card := faces.card(s)
		if len(card.pages) != 1 || card.height > 3600 {
			t.Fatalf("the card has %d pages and is %v points high", len(card.pages), card.height)
		}
		checkPages(t, card)
		checkPages(t, faces.result(s))
		if CardAlt(s) == "" {
			t.Fatal("the card says nothing")
		}
	})
}

func TestLeafletsStayOnTheirPages(t *testing.T) {
	faces, err := loadTypefaces()
	if err != nil {
		t.Fatal(err)
	}
	kinds := []BlockKind{Heading, Paragraph, Bullets, Numbers, Checks, Form, Figure, Caution, Small}
	rapid.Check(t, func(t *rapid.T) {
		text := someText()
		draw := func(name string) string { return text.Draw(t, name) }
		l := Leaflet{ID: draw("id"), Title: draw("title"), Agency: draw("agency"), Contact: draw("contact"), Reviewed: draw("reviewed")}
		if rapid.Bool().Draw(t, "linked") {
			l.Link = "https://t.me/bot?start=src_" + rapid.StringMatching(`[A-Z0-9]{0,60}`).Draw(t, "code")
		}
		for range rapid.IntRange(0, 8).Draw(t, "blocks") {
			items := rapid.SliceOfN(text, 0, 12)
			l.Blocks = append(l.Blocks, Block{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Text: draw("text"), Items: items.Draw(t, "items"), Source: draw("source"),
				Rows: rapid.SliceOfN(rapid.SliceOfN(text, 0, 7), 0, 6).Draw(t, "rows")})
		}
		for _, paper := range []Paper{A4, A5} {
			g, err := faces.leaflet(l, paper)
			if err != nil {
				t.Fatal(err)
			}
			checkPages(t, g)
		}
	})
}

func BenchmarkLoadTypefaces(b *testing.B) {
	for b.Loop() {
		if _, err := loadTypefaces(); err != nil {
			b.Fatal(err)
		}
	}
}
