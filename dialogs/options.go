package dialogs

import (
	"strconv"
	"strings"

	"sachhon/dialogs/answer"
)

// FromOptions is the [Question.From] of a question that offers what the last
// action found.
const FromOptions = "options"

// Where choices may come from besides.
const (
	fromParked = "parked" // the talk left half-way, as "Tiếp tục"
)

// Keys of the engine's own choices; authors' keys cannot contain "~".
const (
	keySkip    = "~skip"
	keyUnknown = "~unknown"
	keyNA      = "~na"
	keyBack    = "~back"
	keyCancel  = "~cancel"
	keyKeep    = "~keep"    // leave the answer as it was
	keyDone    = "~done"    // several choices: that is all
	keyMore    = "~more"    // next page
	keyLess    = "~less"    // page before
	keyAll     = "~all"     // end a search
	keyAgain   = "~again"   // doubting: write it anew
	keyHeld    = "~held"    // doubting: prefix of the reading's number
	keyConfirm = "~confirm" // a form's summary
	keyEdit    = "~edit"
	keyGo      = "~go" // go on with the talk
	keyRestart = "~restart"
	keyShare   = "~share"
	keyLine    = "~line_" // a form's line to change: prefix of the node's key
)

// shown is one choice as it is offered now.
type shown struct {
	Key   string
	Label Text
	Also  []string
	On    bool
	Share bool
}

// fixed lists what a question offers besides the ways back.
func (l *Library) fixed(q *Question) []shown {
	var list []shown
	for i := range q.Choices {
		c := &q.Choices[i]
		list = append(list, shown{Key: c.Key, Label: c.Label, Also: c.Also})
	}
	if q.Type == TypeYesNo && len(q.Choices) == 0 {
		list = append(list, shown{Key: "yes", Label: l.texts["button.yes"]}, shown{Key: "no", Label: l.texts["button.no"]})
	}
	if q.Type == TypePhone {
		list = append(list, shown{Key: keyShare, Label: l.texts["button.share"], Share: true})
	}
	return append(list, l.honest(q)...)
}

// honest lists the answers that say nothing: don't know, not applicable, skip.
func (l *Library) honest(q *Question) []shown {
	var list []shown
	if q.Unknown {
		list = append(list, shown{Key: keyUnknown, Label: l.texts["button.unknown"], Also: []string{"không rõ", "chưa biết", "don't know", "not sure"}})
	}
	if q.NotApplicable {
		list = append(list, shown{Key: keyNA, Label: l.texts["button.na"], Also: []string{"n/a", "không có"}})
	}
	if q.Optional {
		label := q.Skip
		if label.Empty() {
			label = l.texts["button.skip"]
		}
		list = append(list, shown{Key: keySkip, Label: label, Also: []string{"bỏ qua", "không có", "không nhớ", "chưa có", "skip", "none"}})
	}
	return list
}

func menuOf(list []shown) *answer.Menu {
	choices := make([]answer.Choice, len(list))
	for i, s := range list {
		choices[i] = answer.Choice{Labels: append([]string{s.Label.VI, s.Label.EN}, s.Also...)}
	}
	return answer.NewMenu(choices)
}

// choices lists what the talk offers where it waits, with the menu over it for
// finding what was typed.
func (t *turn) choices() ([]shown, *answer.Menu) {
	list := t.offered()
	if len(list) == 0 {
		return nil, nil
	}
	if st := t.step(); st.menu != nil && len(st.options) > 0 && &st.options[0] == &list[0] {
		return list, st.menu
	}
	return list, menuOf(list)
}

// offered lists what the talk offers where it waits.
func (t *turn) offered() []shown {
	talk := &t.s.Talk
	st := t.step()
	if st == nil {
		return nil
	}
	switch talk.State {
	case Doubting:
		return t.readings(st)
	case Summing:
		return []shown{
			{Key: keyConfirm, Label: st.confirmLabel(t.lib)},
			{Key: keyEdit, Label: t.lib.texts["button.edit"]},
			{Key: keyCancel, Label: t.lib.texts["button.leave"]},
		}
	case Choosing:
		return t.lines(st)
	case Returning:
		return []shown{
			{Key: keyGo, Label: t.lib.texts["button.continue"]},
			{Key: keyRestart, Label: t.lib.texts["button.restart"]},
			{Key: keyCancel, Label: t.lib.texts["button.leave"]},
		}
	case Asking:
		if st.options != nil && talk.find(st.Key) < 0 {
			return st.options
		}
		if st.Question != nil {
			return t.live(st)
		}
	}
	return nil
}

func (st *step) confirmLabel(l *Library) Text {
	if st.Confirm.Empty() {
		return l.texts["button.confirm"]
	}
	return st.Confirm
}

// live lists what a question offers when that depends on the talk.
func (t *turn) live(st *step) []shown {
	q := st.Question
	var list []shown
	now := t.s.Talk.Answer(st.Key)
	picked := t.picks(st)
	if st.form != nil && now.Given() && fits(q, now) && q.Type != TypeChoices {
		list = append(list, shown{Key: keyKeep, Label: t.keepLabel(st, now)})
	}
	if q.From == fromParked {
		list = append(list, t.parked()...)
	}
	if q.From == FromOptions {
		var options []shown
		for _, o := range t.s.Talk.Options {
			options = append(options, shown{Key: o.Key, Label: o.Label, On: q.Type == TypeChoices && contains(picked, o.Key)})
		}
		list = append(list, t.page(options)...)
	}
	for i := range q.Choices {
		c := &q.Choices[i]
		if t.holds(c.Relevant, nil) {
			list = append(list, shown{Key: c.Key, Label: c.Label, Also: c.Also, On: q.Type == TypeChoices && contains(picked, c.Key)})
		}
	}
	switch {
	case t.lib.places[q.From] != nil:
		list = append(list, t.searched(t.lib.places[q.From])...)
	}
	if q.Type == TypeYesNo && len(q.Choices) == 0 || q.Type == TypePhone {
		list = append(list, t.lib.fixed(&Question{Type: q.Type})...)
	}
	if q.Type == TypeChoices && float64(len(picked)) >= max(q.Min, 1) {
		list = append(list, shown{Key: keyDone, Label: t.lib.texts["button.done"]})
	}
	return append(list, t.lib.honest(q)...)
}

// keepLabel names the answer that stands, short enough for a button.
func (t *turn) keepLabel(st *step, v Value) Text {
	label := func(lang Lang) string {
		words := []rune(t.show(st, v, lang))
		if len(words) > 24 {
			words = append(words[:23], '…')
		}
		return strings.ReplaceAll(t.lib.texts["button.keep"].In(lang), "{answer}", string(words))
	}
	return Text{VI: label(Vietnamese), EN: label(English)}
}

// parked offers the talk left half-way.
func (t *turn) parked() []shown {
	if len(t.s.Parked) == 0 {
		return nil
	}
	return []shown{{Key: keyGo, Label: t.lib.texts["button.continue"]}}
}

// pageSize is how many entries of a long list are shown at once: what fits a
// phone screen above the keyboard.
const pageSize = 6

// page cuts a long list to the page the person is on.
func (t *turn) page(list []shown) []shown {
	if len(list) <= pageSize+2 {
		return list
	}
	at := int(t.s.Talk.Page) * pageSize
	if at >= len(list) {
		at = 0
	}
	end := min(at+pageSize, len(list))
	out := append([]shown{}, list[at:end]...)
	if at > 0 {
		out = append(out, shown{Key: keyLess, Label: t.lib.texts["button.less"]})
	}
	if end < len(list) {
		out = append(out, shown{Key: keyMore, Label: t.lib.texts["button.more"]})
	}
	return out
}

// searched lists the places that fit what was typed last, or all of them.
func (t *turn) searched(p *places) []shown {
	var list []shown
	for _, i := range p.menu.Search(t.s.Talk.Query) {
		list = append(list, shown{Key: p.list[i].Key, Label: p.list[i].Label, Also: p.list[i].Also})
	}
	list = t.page(list)
	if t.s.Talk.Query != "" {
		list = append(list, shown{Key: keyAll, Label: t.lib.texts["button.all"]})
	}
	return list
}

// readings lists the held readings of a doubtful answer.
func (t *turn) readings(st *step) []shown {
	var list []shown
	for i, v := range t.s.Talk.Held {
		label := Text{VI: t.heldLabel(st, v, Vietnamese), EN: t.heldLabel(st, v, English)}
		list = append(list, shown{Key: keyHeld + strconv.Itoa(i), Label: label})
	}
	if len(list) == 1 {
		list[0].Label = t.lib.texts["button.asis"]
		list[0].Also = []string{"đúng", "phải", "có", "yes"}
	}
	return append(list, shown{Key: keyAgain, Label: t.lib.texts["button.rewrite"], Also: []string{"sai", "không", "no"}})
}

func (t *turn) heldLabel(st *step, v Value, lang Lang) string {
	label := []rune(t.show(st, v, lang))
	if len(label) > 32 {
		label = append(label[:31], '…')
	}
	return string(label)
}

// lines lists the answers of a form for changing one.
func (t *turn) lines(form *step) []shown {
	var list []shown
	for _, q := range form.inner {
		if t.s.Talk.find(q.Key) >= 0 && t.holds(q.Relevant, nil) {
			list = append(list, shown{Key: keyLine + q.Key, Label: q.label()})
		}
	}
	return append(list, shown{Key: keyBack, Label: t.lib.texts["button.back"]})
}

// label names a question's field.
func (st *step) label() Text {
	if st.Question.Label.Empty() {
		return st.Text
	}
	return st.Question.Label
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
