package content

import (
	"fmt"
	"strings"

	"sachhon/dialogs"
)

// TipWords are the values with which flows and pushes show a tip. The values
// tip_safety and tip_source may be empty.
func (s *Set) TipWords(t *Tip) map[string]dialogs.Text {
	return map[string]dialogs.Text{
		"tip": {VI: t.ID}, "tip_title": t.Title, "tip_gist": t.Gist, "tip_why": t.Why, "tip_steps": t.Steps,
		"tip_safety": s.safetyLine(&t.Article), "tip_source": s.sourceLine(&t.Article, t.Cost),
	}
}

// LeafletWords are the values with which a flow shows a page of a leaflet,
// counted from 1; false when it has no such page.
func (s *Set) LeafletWords(l *Leaflet, at int) (map[string]dialogs.Text, bool) {
	if at < 1 || at > len(l.Pages) {
		return nil, false
	}
	page := l.Pages[at-1]
	words := map[string]dialogs.Text{
		"leaflet": {VI: l.ID}, "leaflet_title": l.Title, "leaflet_heading": page.Heading, "leaflet_text": page.Text,
		"leaflet_page": {VI: fmt.Sprintf("%d/%d", at, len(l.Pages))}, "leaflet_next": {VI: fmt.Sprint(at + 1)}, "leaflet_source": {},
	}
	if at == len(l.Pages) {
		words["leaflet_source"] = joinLines(s.safetyLine(&l.Article), s.sourceLine(&l.Article, ""))
	}
	return words, true
}

// AnswerWords are the values with which a flow shows an answer.
func (s *Set) AnswerWords(a *Answer) map[string]dialogs.Text {
	return map[string]dialogs.Text{
		"answer_title": a.Title, "answer_text": a.Text,
		"answer_source": joinLines(s.safetyLine(&a.Article), s.sourceLine(&a.Article, "")),
	}
}

func (s *Set) safetyLine(a *Article) dialogs.Text {
	if !a.Safety {
		return dialogs.Text{}
	}
	return s.Library.Text("article.safety")
}

// sourceLine words where an article comes from, how far to trust it and what
// it costs: “Nguồn: …, Mỹ, 2004 (tham khảo). Chi phí thấp. Chưa được chuyên gia duyệt.”
func (s *Set) sourceLine(a *Article, cost string) dialogs.Text {
	in := func(lang dialogs.Lang) string {
		var parts []string
		if from := s.from(a, lang); from != "" {
			parts = append(parts, strings.ReplaceAll(s.Library.Text("article.source").In(lang), "{a}", from))
		}
		if c, ok := SubjectIn(s.Subjects().Costs, cost); ok {
			parts = append(parts, c.Label.In(lang)+".")
		}
		if !a.Review.Done() && len(parts) > 0 {
			parts = append(parts, s.Library.Text("article.unreviewed").In(lang))
		}
		return strings.Join(parts, " ")
	}
	return dialogs.Text{VI: in(dialogs.Vietnamese), EN: in(dialogs.English)}
}

func (s *Set) from(a *Article, lang dialogs.Lang) string {
	from := a.Source.Name.In(lang)
	if from == "" {
		return ""
	}
	if c, ok := SubjectIn(s.Subjects().Countries, a.Source.Country); ok {
		from += ", " + c.Label.In(lang)
	}
	if a.Source.Year > 0 {
		from += ", " + fmt.Sprint(a.Source.Year)
	}
	if a.Reference {
		from += " (" + s.Library.Text("article.reference").In(lang) + ")"
	}
	return from
}

// joinLines puts texts below each other, empty ones left out.
func joinLines(list ...dialogs.Text) dialogs.Text {
	in := func(lang dialogs.Lang) string {
		var lines []string
		for _, t := range list {
			if words := t.In(lang); words != "" {
				lines = append(lines, words)
			}
		}
		return strings.Join(lines, "\n")
	}
	return dialogs.Text{VI: in(dialogs.Vietnamese), EN: in(dialogs.English)}
}
