package bot

import (
	"io"
	"strconv"
	"strings"

	"sachhon/bot/documents"
	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/dialogs/score"
)

// What is drawn of a self-check: the names under which people get it.
const (
	cardName   = "ket-qua-tu-danh-gia.png"
	resultName = "ket-qua-tu-danh-gia.pdf"
)

// cardOf is the picture of a result. It is drawn when somebody opens it: its
// size is not known before.
func (a *actions) cardOf(c, before *programme.Assessment, lang dialogs.Lang) dialogs.Media {
	return dialogs.Media{Kind: dialogs.Image, Name: cardName, MIME: "image/png", Alt: documents.CardAlt(a.sheet(c, before, lang)),
		Ref: refCard + strconv.FormatUint(c.ID, 10)}
}

// checkPDF sends a result as a document with the next message.
func (a *actions) checkPDF(t *turn, args map[string]string) (dialogs.Outcome, error) {
	c, _, ok, err := ownCheck(t, args["assessment"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	out := outcome("ok")
	out.Media = []dialogs.Media{{Kind: dialogs.Document, Name: resultName, MIME: "application/pdf",
		Alt: a.lib().Text("privacy.assessments").In(t.contact.Speaks()), Ref: refResult + strconv.FormatUint(c.ID, 10)}}
	return out, nil
}

// drawing returns how the bytes behind a reference are drawn, from what the
// transaction sees; ok is false for references of another kind. Drawing takes
// some hundredths of a second and needs the transaction no more.
func (a *actions) drawing(tx Tx, ref string) (draw func() ([]byte, error), ok bool, err error) {
	id, card := strings.CutPrefix(ref, refCard)
	if !card {
		if id, ok = strings.CutPrefix(ref, refResult); !ok {
			return nil, false, nil
		}
	}
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return nil, true, errNoMedia
	}
	c, found, err := tx.Assessment(n)
	if err != nil || !found || c.Contact == "" {
		return nil, true, errNoMedia
	}
	who, found, err := tx.Contact(c.Contact)
	if err != nil || !found {
		return nil, true, errNoMedia
	}
	before, err := checkBefore(tx, &c)
	if err != nil {
		return nil, true, err
	}
	sheet := a.sheet(&c, before, who.Speaks())
	if card {
		return func() ([]byte, error) { return a.press.Card(sheet) }, true, nil
	}
	return func() ([]byte, error) { return a.press.ResultPDF(sheet) }, true, nil
}

// drawn reads what is drawn on the first read.
type drawn struct {
	draw func() ([]byte, error)
	io.Reader
}

// Read draws and reads.
func (d *drawn) Read(p []byte) (int, error) {
	if d.Reader == nil {
		raw, err := d.draw()
		if err != nil {
			return 0, err
		}
		d.Reader = strings.NewReader(string(raw))
	}
	return d.Reader.Read(p)
}

// Close has nothing to let go of.
func (d *drawn) Close() error { return nil }

// sheet words a self-check for the picture and the document, in one language.
func (a *actions) sheet(c, before *programme.Assessment, lang dialogs.Lang) documents.Sheet {
	sets := a.questions(c.Sector)
	s := documents.Sheet{Lang: lang, Agency: a.b.cfg.Centre.Name, Enterprise: c.Enterprise, Sector: a.lib().Text("sector." + c.Sector).In(lang),
		Date: a.day(c.Created).In(lang), Version: c.Version, Answered: c.Answered,
		Disclaimer: a.lib().Text("check.disclaimer").In(lang), Reviewed: a.allReviewed(sets, lang)}
	if c.Band != score.Hidden {
		s.Band = a.band(c.Band).In(lang)
	}
	for _, sec := range c.Sections {
		for _, set := range sets {
			if title := set.Section(sec.Key).Title; !title.Empty() {
				s.Sections = append(s.Sections, documents.SheetSection{Name: title.In(lang), Band: a.band(sec.Band).In(lang), Percent: sec.Percent})
			}
		}
	}
	for _, q := range a.advised(c) {
		s.Actions = append(s.Actions, a.sheetAction(q, lang))
	}
	for _, f := range a.figures(c, before, lang) {
		s.Figures = append(s.Figures, a.sheetFigure(f, lang))
	}
	a.sheetAnswers(&s, c, sets)
	return s
}

func (a *actions) sheetAction(q advised, lang dialogs.Lang) documents.SheetAction {
	out := documents.SheetAction{Title: q.Advice.Title.In(lang), Why: q.Advice.Why.In(lang), Source: q.Advice.Source.In(lang),
		Cost: a.lib().Text("cost." + string(q.Advice.Cost)).In(lang), Safety: q.Safety}
	for _, step := range q.Advice.How {
		out.How = append(out.How, step.In(lang))
	}
	return out
}

// sheetFigure words a ratio with its name and unit.
func (a *actions) sheetFigure(f figureWord, lang dialogs.Lang) documents.SheetFigure {
	full := func(value string) string {
		if value == "" {
			return ""
		}
		_, words, _ := strings.Cut(a.filled(f.key, lang, "{a}", value, "{b}", f.unit, "{c}", ""), ": ")
		return words
	}
	name, _, _ := strings.Cut(a.lib().Text(f.key).In(lang), ":")
	return documents.SheetFigure{Name: name, Value: full(f.value), Was: full(f.was)}
}

// sheetAnswers lists every answer, and what was not known.
func (a *actions) sheetAnswers(s *documents.Sheet, c *programme.Assessment, sets []*dialogs.Questionnaire) {
	for _, set := range sets {
		for _, q := range set.Questions {
			var words string
			switch code := c.Answers[q.Key]; code {
			case "":
				continue
			case "?":
				words = a.lib().Text("button.unknown").In(s.Lang)
				s.Unknown = append(s.Unknown, q.Text.In(s.Lang))
			case "-":
				words = a.lib().Text("button.na").In(s.Lang)
			default:
				words = a.lib().Text("scale." + code).In(s.Lang)
			}
			s.Answers = append(s.Answers, documents.SheetAnswer{Section: set.Section(q.Section).Title.In(s.Lang), Question: q.Text.In(s.Lang), Answer: words})
		}
	}
}

// allReviewed says who approved the sets; "" while one of them waits for it.
func (a *actions) allReviewed(sets []*dialogs.Questionnaire, lang dialogs.Lang) string {
	var words []string
	for _, set := range sets {
		if set.ReviewedBy == "" {
			return ""
		}
		words = append(words, a.reviewed(set).In(lang))
	}
	return strings.Join(words, "; ")
}
