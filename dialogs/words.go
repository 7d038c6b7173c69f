package dialogs

import (
	"strconv"
	"strings"
	"time"

	"sachhon/dialogs/answer"
)

// TextKeys lists the wordings that a [Library] must have. The wordings of
// answer's problems come on top: "problem.X" for a wrong one and "doubt.X" for
// a doubtful one; see [ProblemKeys].
func TextKeys() []string {
	return []string{
		"button.yes", "button.no", "button.share", "button.unknown", "button.na", "button.skip", "button.confirm",
		"button.edit", "button.leave", "button.continue", "button.restart", "button.keep", "button.done", "button.less",
		"button.more", "button.all", "button.asis", "button.rewrite", "button.back", "button.cancel",
		"button.old", "button.twice",
		"typed.toolong", "heard.other", "idle.unknown", "idle.close", "command.unknown", "choice.gone", "choice.unknown",
		"choice.close", "choices.toomany", "choices.toofew", "place.none", "phone.howto", "phone.unasked", "file.unasked",
		"wrong.generic", "wrong.second", "wrong.third", "wrong.bounds", "doubt.again", "answer.before",
		"form.summary", "form.which", "back.nothing", "cancelled", "paused", "cancel.nothing", "stopped", "stopped.already", "stopped.guard",
		"help", "returning", "expired", "withdrawn", "moved", "entry.unknown", "wait.still", "language.changed",
		"example.choice", "example.text", "example.name", "example.phone", "example.email", "example.taxcode",
		"example.integer", "example.decimal", "example.date", "example.file",
	}
}

// ProblemKeys lists the wordings for what can be the matter with an answer:
// one of "problem.X" and "doubt.X" is used for each, depending on whether a
// reading could be offered.
func ProblemKeys() []string {
	var keys []string
	for _, p := range answer.Problems() {
		keys = append(keys, "problem."+string(p), "doubt."+string(p))
	}
	return keys
}

// fillText puts values for the {placeholders} of an author's text.
func (t *turn) fillText(text string) string {
	if strings.IndexByte(text, '{') < 0 {
		return text
	}
	return Fill(text, t.word)
}

// Fill puts what word returns for each {placeholder} of text, without marks of
// strong text. A line whose only placeholders are empty is left out.
func Fill(text string, word func(name string) string) string {
	lines := strings.Split(text, "\n")
	kept := lines[:0]
	for _, line := range lines {
		out, holes, filled := fillLine(line, word)
		if holes > 0 && filled == 0 {
			continue
		}
		kept = append(kept, out)
	}
	return strings.Join(kept, "\n")
}

// fillRaw fills placeholders for an action: keys and stored forms, not wordings.
func (t *turn) fillRaw(text string) string {
	var b strings.Builder
	for {
		from := strings.IndexByte(text, '{')
		to := strings.IndexByte(text, '}')
		if from < 0 || to < from {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:from])
		v, _ := t.value(text[from+1 : to])
		b.WriteString(raw(v))
		text = text[to+1:]
	}
}

// raw is the stored form of a value, for actions.
func raw(v Value) string {
	switch v.Kind {
	case YesNoValue:
		return v.way()
	case NumberValue:
		return strconv.FormatFloat(v.Num, 'f', -1, 64)
	case ChoicesValue:
		return strings.Join(v.Keys(), ",")
	case BothValue:
		return bothIn(v.Text, Vietnamese)
	default:
		return v.Text
	}
}

func fillLine(line string, word func(string) string) (out string, holes, filled int) {
	var b strings.Builder
	for {
		from := strings.IndexByte(line, '{')
		if from < 0 {
			break
		}
		to := strings.IndexByte(line[from:], '}')
		if to < 0 {
			break
		}
		b.WriteString(line[:from])
		name := line[from+1 : from+to]
		holes++
		if words := unmark(word(name)); words != "" {
			filled++
			b.WriteString(words)
		}
		line = line[from+to+1:]
	}
	b.WriteString(line)
	return b.String(), holes, filled
}

// word is what stands for a placeholder.
func (t *turn) word(name string) string {
	switch name {
	case "typed":
		short, cut := clip(t.typed, 40)
		if cut {
			short += "…"
		}
		return strings.ReplaceAll(short, "\n", " ")
	case "reading", "answer", "max":
		return "{" + name + "}" // filled by the caller
	case "title":
		if f := t.lib.flows[t.s.Talk.Flow]; f != nil {
			return f.Title.In(t.lang())
		}
		return ""
	case "progress":
		if st := t.step(); st != nil && st.form != nil {
			at, of := t.progress(st)
			return strconv.Itoa(at) + "/" + strconv.Itoa(of)
		}
		return ""
	case "parked":
		if n := len(t.s.Parked); n > 0 {
			if f := t.lib.flows[t.s.Parked[n-1].Flow]; f != nil {
				return f.Title.In(t.lang())
			}
		}
		return ""
	}
	v, st := t.value(name)
	return t.show(st, v, t.lang())
}

// value finds what a placeholder names: an answer of the talk, or a fact of
// the contact as known.KEY.
func (t *turn) value(name string) (Value, *step) {
	if key, ok := strings.CutPrefix(name, "known."); ok {
		return t.c.Fact(key), nil
	}
	var st *step
	if f := t.lib.flows[t.s.Talk.Flow]; f != nil {
		st = f.nodes[name]
	}
	return t.s.Talk.Answer(name), st
}

// show words a value for people; st is the question it answers, if any.
func (t *turn) show(st *step, v Value, lang Lang) string {
	switch v.Kind {
	case NoValue, SkippedValue, ResultValue:
		return ""
	case UnknownValue:
		return t.lib.texts["button.unknown"].In(lang)
	case NotApplicableValue:
		return t.lib.texts["button.na"].In(lang)
	case YesNoValue:
		if v.Num != 0 {
			return t.lib.texts["button.yes"].In(lang)
		}
		return t.lib.texts["button.no"].In(lang)
	case ChoiceValue, ChoicesValue:
		keys := v.Keys()
		for i, k := range keys {
			keys[i] = t.choiceLabel(st, k, lang)
		}
		return strings.Join(keys, ", ")
	default:
		return Show(v, lang)
	}
}

// Show words a value for people, without the labels that only its question
// knows: a choice comes back as its key.
func Show(v Value, lang Lang) string {
	switch v.Kind {
	case NumberValue:
		n := answer.FormatNumber(v.Num, lang != English)
		if v.Text != "" {
			n += " " + v.Text
		}
		return n
	case PhoneValue:
		return answer.FormatPhone(v.Text)
	case DateValue:
		return ShowDate(v.Text, lang)
	case FileValue:
		parts := strings.Split(v.Text, sep)
		return parts[min(1, len(parts)-1)]
	case BothValue:
		return bothIn(v.Text, lang)
	case ChoicesValue:
		return strings.Join(v.Keys(), ", ")
	default:
		return v.Text
	}
}

// choiceLabel words the key of a choice.
func (t *turn) choiceLabel(st *step, key string, lang Lang) string {
	if st == nil || st.Question == nil {
		return key
	}
	if i := st.Question.choice(key); i >= 0 {
		return st.Question.Choices[i].Label.In(lang)
	}
	if p := t.lib.places[st.Question.From]; p != nil {
		if i := p.find(key); i >= 0 {
			return p.list[i].Label.In(lang)
		}
	}
	for _, o := range t.s.Talk.Options {
		if o.Key == key {
			return o.Label.In(lang)
		}
	}
	return key
}

func bothIn(text string, lang Lang) string {
	vi, en, _ := strings.Cut(text, sep)
	if lang == English && en != "" {
		return en
	}
	return vi
}

// unmark takes the mark of strong text out of words that came from elsewhere.
func unmark(s string) string {
	if strings.Contains(s, "**") {
		return strings.ReplaceAll(s, "**", "")
	}
	return s
}

var weekdays = [...]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"}

// ShowDate words an ISO date: "thứ Năm, 10/12/2026", "Thu 10 Dec 2026".
func ShowDate(iso string, lang Lang) string {
	d, err := time.Parse("2006-01-02", iso)
	if err != nil {
		return iso
	}
	return ShowDay(d, lang)
}

// ShowDay words the day of a time, in the time's own zone.
func ShowDay(d time.Time, lang Lang) string {
	if lang == English {
		return d.Format("Mon 2 Jan 2006")
	}
	return weekdays[d.Weekday()] + ", " + d.Format("2/1/2006")
}

// ShowClock words the time of day: "8:00", "8:00 am".
func ShowClock(d time.Time, lang Lang) string {
	if lang == English {
		return d.Format("3:04 pm")
	}
	return strconv.Itoa(d.Hour()) + ":" + d.Format("04")
}
