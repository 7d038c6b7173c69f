package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/dialogs/answer"
	"sachhon/dialogs/score"
)

// twice words something in both languages.
func twice(in func(lang dialogs.Lang) string) dialogs.Text {
	return dialogs.Text{VI: in(dialogs.Vietnamese), EN: in(dialogs.English)}
}

// filled fills a wording's placeholders in one language, given in pairs.
func (a *actions) filled(key string, lang dialogs.Lang, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(a.lib().Text(key).In(lang))
}

// day words a date in short: "24/11/2026", "24 Nov 2026".
func (a *actions) day(at time.Time) dialogs.Text {
	at = at.In(a.b.cfg.Timezone)
	return dialogs.Text{VI: at.Format("2/1/2006"), EN: at.Format("2 Jan 2006")}
}

// band words a band.
func (a *actions) band(b score.Band) dialogs.Text {
	if b == score.Hidden {
		return a.lib().Text("band.hidden")
	}
	return a.lib().Text("band." + string(b))
}

// checkHead are the values by which a self-check is recognised.
func (a *actions) checkHead(c *programme.Assessment) []dialogs.Answer {
	return []dialogs.Answer{text("assessment", strconv.FormatUint(c.ID, 10)), both("check_date", a.day(c.Created)),
		both("check_band", a.band(c.Band)), text("check_sector", c.Sector)}
}

// checkValues are what the result of a self-check says beyond that; before is
// the one to hold it against, if any.
func (a *actions) checkValues(c, before *programme.Assessment) []dialogs.Answer {
	day := a.day(c.Created)
	about := twice(func(lang dialogs.Lang) string {
		return a.filled("check.about", lang, "{a}", day.In(lang), "{b}", c.Version, "{n}", strconv.Itoa(c.Answered))
	})
	var strong []string
	for _, s := range c.Sections {
		if s.Band == score.Good {
			strong = append(strong, s.Key)
		}
	}
	return []dialogs.Answer{
		text("check_count", strconv.Itoa(len(c.Answers))), both("check_about", about), both("check_was", a.was(c, before)),
		both("check_strong", a.sectionList(strong, c.Sector, 3)), both("check_unknown", a.unknownWords(c)),
		both("check_actions", a.actionList(c)), both("check_figures", a.figureWords(c, before)),
	}
}

// was words the last result, and which sections are better by now.
func (a *actions) was(c, before *programme.Assessment) dialogs.Text {
	if before == nil {
		return dialogs.Text{}
	}
	band, day, risen := a.band(before.Band), a.day(before.Created), a.sectionList(c.Risen(before), c.Sector, 2)
	return twice(func(lang dialogs.Lang) string {
		key := "check.was"
		if risen.VI != "" {
			key = "check.risen"
		}
		return a.filled(key, lang, "{a}", band.In(lang), "{b}", day.In(lang), "{c}", risen.In(lang))
	})
}

// sectionList names sections, at most limit of them and how many more.
func (a *actions) sectionList(keys []string, sector string, limit int) dialogs.Text {
	if len(keys) == 0 {
		return dialogs.Text{}
	}
	sets := a.questions(sector)
	return twice(func(lang dialogs.Lang) string {
		var names []string
		for _, key := range keys[:min(limit, len(keys))] {
			for _, set := range sets {
				if title := set.Section(key).Title; !title.Empty() {
					names = append(names, title.In(lang))
				}
			}
		}
		list := strings.Join(names, "; ")
		if more := len(keys) - limit; more > 0 {
			return a.filled("check.more", lang, "{a}", list, "{n}", strconv.Itoa(more))
		}
		return list
	})
}

// unknownWords says how many answers were “don't know”, and in which sections.
func (a *actions) unknownWords(c *programme.Assessment) dialogs.Text {
	unknown := score.Of(a.questions(c.Sector), c.Given()).Unknown
	if len(unknown) == 0 {
		return dialogs.Text{}
	}
	var keys []string
	for _, q := range unknown {
		if !slices.Contains(keys, q.Section) {
			keys = append(keys, q.Section)
		}
	}
	list := a.sectionList(keys, c.Sector, 2)
	return twice(func(lang dialogs.Lang) string {
		return a.filled("check.unknown", lang, "{n}", strconv.Itoa(len(unknown)), "{a}", list.In(lang))
	})
}

// actionList numbers the advised actions, a line each.
func (a *actions) actionList(c *programme.Assessment) dialogs.Text {
	return twice(func(lang dialogs.Lang) string {
		var lines []string
		for i, q := range a.advised(c) {
			lines = append(lines, fmt.Sprintf("%d. %s", i+1, q.Advice.Title.In(lang)))
		}
		return strings.Join(lines, "\n")
	})
}

// figureWords are the person's own figures per unit of product, held against
// those of the last time where the unit is the same.
func (a *actions) figureWords(c, before *programme.Assessment) dialogs.Text {
	return twice(func(lang dialogs.Lang) string {
		var lines []string
		for _, f := range a.figures(c, before, lang) {
			was := ""
			if f.was != "" {
				was = a.filled("check.before", lang, "{a}", f.was)
			}
			lines = append(lines, a.filled(f.key, lang, "{a}", f.value, "{b}", f.unit, "{c}", was))
		}
		return strings.Join(lines, "\n")
	})
}

// figureWord is one ratio in words; was is empty where there is none to compare.
type figureWord struct{ key, value, was, unit string }

func (a *actions) figures(c, before *programme.Assessment, lang dialogs.Lang) []figureWord {
	var out []figureWord
	for _, r := range []struct {
		key string
		of  func(programme.Figures) (float64, bool)
	}{{"check.power", programme.Figures.PowerPerUnit}, {"check.water", programme.Figures.WaterPerUnit}} {
		now, ok := r.of(c.Figures)
		if !ok {
			continue
		}
		w := figureWord{key: r.key, value: answer.FormatNumber(now, lang != dialogs.English), unit: a.unit(c.Figures.Unit).In(lang)}
		if before != nil && c.Figures.SameUnit(before.Figures) {
			if then, ok := r.of(before.Figures); ok {
				w.was = answer.FormatNumber(then, lang != dialogs.English)
			}
		}
		out = append(out, w)
	}
	return out
}

func (a *actions) unit(key string) dialogs.Text {
	if words := a.lib().Text("unit." + key); !words.Empty() {
		return words
	}
	return a.lib().Text("unit.other")
}

// peerWords count the sector by bands, once enough enterprises took part.
func (a *actions) peerWords(tx Tx, sector string) (dialogs.Text, error) {
	if sector == programme.SectorOther {
		return dialogs.Text{}, nil
	}
	p, ok, err := programme.PeersOf(tx, sector)
	if err != nil || !ok {
		return dialogs.Text{}, err
	}
	return a.words("check.peers", "{n}", strconv.Itoa(p.All()), "{a}", strconv.Itoa(p.Start), "{b}", strconv.Itoa(p.Basis), "{c}", strconv.Itoa(p.Good)), nil
}

// adviceValues tell one action: the n-th of all.
func (a *actions) adviceValues(q advised, n, all int) []dialogs.Answer {
	steps := twice(func(lang dialogs.Lang) string {
		var lines []string
		for _, step := range q.Advice.How {
			lines = append(lines, "• "+step.In(lang))
		}
		return strings.Join(lines, "\n")
	})
	review := a.reviewed(q.set)
	source := twice(func(lang dialogs.Lang) string { return q.Advice.Source.In(lang) + " · " + review.In(lang) })
	more, tip, leaflet := "", "", ""
	if n < all {
		more = "1"
	}
	if a.lib().Entry("tip") { // further reading is there
		tip, leaflet = q.Advice.Tip, q.Advice.Leaflet
	}
	return []dialogs.Answer{
		text("advice_at", strconv.Itoa(n)), text("advice_place", fmt.Sprintf("%d/%d", n, all)), both("advice_title", q.Advice.Title),
		both("advice_why", q.Advice.Why), both("advice_steps", steps), both("advice_source", source), text("advice_more", more),
		text("advice_tip", tip), text("advice_leaflet", leaflet),
	}
}

// reviewed says who approved a question set, or that nobody has yet.
func (a *actions) reviewed(set *dialogs.Questionnaire) dialogs.Text {
	if set.ReviewedBy == "" {
		return a.lib().Text("check.unreviewed")
	}
	on, err := time.Parse("2006-01-02", set.ReviewedOn)
	if err != nil {
		return a.words("check.reviewed", "{a}", set.ReviewedBy, "{b}", set.ReviewedOn)
	}
	return twice(func(lang dialogs.Lang) string {
		return a.filled("check.reviewed", lang, "{a}", set.ReviewedBy, "{b}", a.day(on).In(lang))
	})
}
