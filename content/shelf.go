package content

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/parser"

	"sachhon/dialogs"
)

// shelf holds all articles of a folder.
type shelf struct {
	subjects Subjects
	tips     []Tip
	leaflets []Leaflet
	answers  []Answer
	pages    []*page // of all files, with what is the matter with them
	at       map[string]*articlePage
}

// articlePage is one article as it was read, with the places of its parts.
type articlePage struct {
	*page
	article Article
	front   fields
	lang    map[dialogs.Lang]place // of the two bodies
}

const subjectsFile = "subjects.yaml"

// onShelf says whether a file is read with the articles.
func onShelf(name string) bool { return name == subjectsFile || strings.HasSuffix(name, ".md") }

// readShelf reads the articles. What cannot be read is left out and noted.
func readShelf(raw map[string][]byte) *shelf {
	s := &shelf{at: map[string]*articlePage{}}
	p, subjects := readSubjects(subjectsFile, raw[subjectsFile])
	s.pages, s.subjects = append(s.pages, p), subjects
	md := newMarkdown()
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		if name == subjectsFile {
			continue
		}
		a := readArticle(md, name, raw[name])
		s.pages = append(s.pages, a.page)
		if a.article.ID == "" || len(a.lang) == 0 {
			continue
		}
		if other := s.at[a.article.ID]; other != nil {
			a.note(a.front.place("id"), Error, "the id “"+a.article.ID+"” is in "+other.name+" too", "give one of them another id")
			continue
		}
		s.at[a.article.ID] = a
		s.put(a)
	}
	return s
}

// put makes a tip, a leaflet or an answer of an article.
func (s *shelf) put(a *articlePage) {
	switch path.Dir(a.name) {
	case "tips":
		s.tips = append(s.tips, a.tip())
	case "leaflets":
		s.leaflets = append(s.leaflets, a.leaflet())
	case "answers":
		text := dialogs.Text{VI: chatText(a.article.Blocks[dialogs.Vietnamese]), EN: chatText(a.article.Blocks[dialogs.English])}
		s.answers = append(s.answers, Answer{Article: a.article, Text: text, Leads: a.front.str("leads")})
	}
}

// frontKeys are what the front matter of an article may hold, by its folder.
var frontKeys = map[string][]string{
	"":         {"id", "title", "sector", "topics", "source", "source_year", "source_country", "reference", "safety", "reviewed_by", "reviewed_on", "also"},
	"tips":     {"group", "cost"},
	"leaflets": {},
	"answers":  {"leads"},
}

// readArticle reads a Markdown file: front matter between two lines “---”, then
// the body under “## vi” and “## en”.
func readArticle(md parser.Parser, name string, source []byte) *articlePage {
	a := &articlePage{page: &page{name: name}, lang: map[dialogs.Lang]place{}}
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	front, rest, ok := cutFront(source)
	if !ok {
		a.note(place{1, 1}, Error, "the file does not begin with its particulars", "begin with a line ---, then id: and the others, then a line ---")
		return a
	}
	p, root := parsePage(name, front)
	if a.page = p; root == nil {
		return a
	}
	a.front = p.fields(root, "the particulars", slices.Concat(frontKeys[""], frontKeys[path.Dir(name)])...)
	a.article = a.particulars()
	a.article.Blocks = map[dialogs.Lang][]Block{}
	for _, b := range bodies(rest, bytes.Count(front, []byte("\n"))+1) {
		lang := dialogs.Lang(b.name)
		if lang != dialogs.Vietnamese && lang != dialogs.English {
			a.note(b.at, Error, "“## "+b.name+"” is no language", "write ## vi or ## en; headings within a text have three #")
			continue
		}
		a.lang[lang] = b.at
		a.article.Blocks[lang] = blocksOf(md, b.text)
	}
	return a
}

// cutFront splits a file into its particulars, with an empty line in place of
// the first mark so that lines keep their numbers, and its body.
func cutFront(source []byte) (front, rest []byte, ok bool) {
	inner, ok := bytes.CutPrefix(source, []byte("---\n"))
	if !ok {
		return nil, nil, false
	}
	at := bytes.Index(inner, []byte("\n---\n"))
	if at < 0 {
		return nil, nil, false
	}
	return append([]byte("\n"), inner[:at+1]...), inner[at+5:], true
}

// part is a body under its “## vi”.
type part struct {
	name string
	at   place
	text []byte
}

// bodies splits what follows the particulars at its headings of two #. before
// is how many lines stand above it.
func bodies(source []byte, before int) []part {
	var parts []part
	for i, row := range bytes.SplitAfter(source, []byte("\n")) {
		if name, ok := bytes.CutPrefix(row, []byte("## ")); ok {
			parts = append(parts, part{name: strings.ToLower(string(bytes.TrimSpace(name))), at: place{before + i + 1, 1}})
		} else if len(parts) > 0 {
			last := &parts[len(parts)-1]
			last.text = append(last.text, row...)
		}
	}
	return parts
}

// particulars reads what all articles have.
func (a *articlePage) particulars() Article {
	f := a.front
	art := Article{
		ID: f.key("id"), Title: f.text("title", worded{role: title}), Sector: f.str("sector"), Topics: f.strs("topics"),
		Reference: f.flag("reference"), Safety: f.flag("safety"), Also: f.strs("also"),
		Review: Review{By: f.str("reviewed_by"), On: f.str("reviewed_on")},
	}
	if !f.has("title") {
		a.note(f.place("title"), Error, "there is no title", "write title: {vi: …, en: …}")
	}
	if e, ok := f.find("source"); ok && e.value != nil {
		if words, plain := scalar(e.value); plain {
			art.Source.Name = dialogs.Text{VI: words, EN: words}
			a.words = append(a.words, worded{text: art.Source.Name, role: line, at: placeOf(e.value)})
		} else {
			art.Source.Name = f.text("source", worded{role: line})
		}
	}
	art.Source.Country = f.str("source_country")
	if year := f.str("source_year"); year != "" {
		n, err := strconv.Atoi(year)
		if err != nil || n < 1900 || n > 2100 {
			a.note(f.place("source_year"), Error, "“"+year+"” is not a year", "write four digits, such as 2012")
		}
		art.Source.Year = n
	}
	return art
}

// tip takes the body of a tip apart: two paragraphs and a numbered list.
func (a *articlePage) tip() Tip {
	t := Tip{Article: a.article, Group: a.front.str("group"), Cost: a.front.str("cost")}
	for lang, blocks := range a.article.Blocks {
		var paragraphs []string
		var steps []Block
		for _, b := range blocks {
			if b.Kind == Numbered {
				steps = append(steps, b)
			} else {
				paragraphs = append(paragraphs, chatText([]Block{b}))
			}
		}
		if len(paragraphs) != 2 || len(steps) != 1 || len(steps[0].Items) != 3 {
			a.note(a.lang[lang], Error, "a tip is two paragraphs (what to do, and why) and three numbered steps", "write it like the other tips")
			if len(paragraphs) < 2 {
				paragraphs = append(paragraphs, "", "")
			}
		}
		put(&t.Gist, lang, paragraphs[0])
		put(&t.Why, lang, paragraphs[1])
		put(&t.Steps, lang, chatText(steps))
	}
	return t
}

// leaflet takes the body of a leaflet apart at its headings.
func (a *articlePage) leaflet() Leaflet {
	l := Leaflet{Article: a.article}
	vi, en := sections(a.article.Blocks[dialogs.Vietnamese]), sections(a.article.Blocks[dialogs.English])
	if len(vi) != len(en) && len(en) > 0 && len(vi) > 0 {
		a.note(a.lang[dialogs.English], Error, "the English text has other sections than the Vietnamese one", "give both the same ### headings, in the same order")
	}
	for i, s := range vi {
		p := Page{Heading: dialogs.Text{VI: s[0].Text}, Text: dialogs.Text{VI: chatText(s[1:])}}
		if i < len(en) {
			p.Heading.EN, p.Text.EN = en[i][0].Text, chatText(en[i][1:])
		}
		l.Pages = append(l.Pages, p)
	}
	return l
}

// sections splits blocks at their headings; what stands before the first one
// is left out.
func sections(blocks []Block) [][]Block {
	var list [][]Block
	for _, b := range blocks {
		if b.Kind == Heading {
			list = append(list, nil)
		}
		if len(list) > 0 {
			list[len(list)-1] = append(list[len(list)-1], b)
		}
	}
	return list
}

func put(t *dialogs.Text, lang dialogs.Lang, words string) {
	if lang == dialogs.English {
		t.EN = words
	} else {
		t.VI = words
	}
}
