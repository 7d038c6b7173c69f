package dialogs

import (
	"strconv"
	"strings"

	"sachhon/dialogs/answer"
)

// choose takes one of the things the talk offers, by its key.
func (t *turn) choose(st *step, key string) {
	switch {
	case key == keyBack:
		t.back()
	case key == keyCancel:
		t.cancel()
	case t.s.Talk.State == Returning && key == keyGo:
		t.rest(st)
		t.again()
	case t.s.Talk.State == Returning && key == keyRestart:
		t.restart()
	case t.s.Talk.State == Doubting:
		t.chooseReading(st, key)
	case t.s.Talk.State == Summing:
		t.chooseSummary(st, key)
	case t.s.Talk.State == Choosing:
		t.chooseLine(st, key)
	case t.s.Talk.State == Asking && st.Question != nil:
		t.chooseAnswer(st, key)
	default:
		t.sayKey("button.old")
		t.again()
	}
}

func (t *turn) chooseReading(st *step, key string) {
	held := t.s.Talk.Held
	n, err := strconv.Atoi(strings.TrimPrefix(key, keyHeld))
	t.s.Talk.State, t.s.Talk.Held = Asking, nil
	if !strings.HasPrefix(key, keyHeld) || err != nil || n < 0 || n >= len(held) {
		t.ask(st)
		return
	}
	t.accept(st, held[n])
}

func (t *turn) chooseSummary(form *step, key string) {
	switch key {
	case keyConfirm:
		t.confirm(form)
	case keyEdit:
		t.s.Talk.State = Choosing
		t.again()
	default:
		t.sayKey("button.old")
		t.again()
	}
}

func (t *turn) chooseLine(form *step, key string) {
	if line := form.flow.nodes[strings.TrimPrefix(key, keyLine)]; line != nil && line.form == form {
		t.at(line, Asking)
		t.ask(line)
		return
	}
	t.sayKey("button.old")
	t.again()
}

// chooseAnswer takes a choice of a question, one of the engine's own included.
func (t *turn) chooseAnswer(st *step, key string) {
	q, talk := st.Question, &t.s.Talk
	switch key {
	case keySkip:
		t.acceptIf(q.Optional, st, Value{Kind: SkippedValue})
	case keyUnknown:
		t.acceptIf(q.Unknown, st, Value{Kind: UnknownValue})
	case keyNA:
		t.acceptIf(q.NotApplicable, st, Value{Kind: NotApplicableValue})
	case keyKeep:
		v := talk.Answer(st.Key)
		t.acceptIf(fits(q, v), st, v)
	case keyDone:
		t.chooseDone(st)
	case keyMore, keyLess, keyAll:
		t.turnPage(st, key)
	case keyShare:
		t.sayKey("phone.howto")
		t.ask(st)
	case keyGo:
		if n := len(t.s.Parked); n == 0 || !t.unpark(n-1) {
			t.again()
		}
	default:
		t.choosePicked(st, key)
	}
}

func (t *turn) acceptIf(allowed bool, st *step, v Value) {
	if !allowed {
		t.sayKey("button.old")
		t.ask(st)
		return
	}
	t.accept(st, v)
}

// choosePicked takes one of the author's, the action's or the list's choices.
func (t *turn) choosePicked(st *step, key string) {
	q := st.Question
	if i := q.choice(key); i >= 0 {
		key = q.Choices[i].Key
	} else if !t.isOption(st, key) {
		t.wrong(st, "choice.gone", nil)
		return
	}
	switch q.Type {
	case TypeChoices:
		t.toggle(st, key)
	case TypeYesNo:
		if len(q.Choices) == 0 {
			t.accept(st, Value{Kind: YesNoValue, Num: flag(key == "yes")})
			return
		}
		t.accept(st, ChoiceOf(key))
	default:
		t.accept(st, ChoiceOf(key))
	}
}

// choice finds a choice by its key or a former key; -1: none.
func (q *Question) choice(key string) int {
	for i := range q.Choices {
		if q.Choices[i].Key == key || contains(q.Choices[i].Was, key) {
			return i
		}
	}
	return -1
}

// isOption says whether key is offered by the last action, a list of places or
// the question's type.
func (t *turn) isOption(st *step, key string) bool {
	q := st.Question
	if q.Type == TypeYesNo && len(q.Choices) == 0 {
		return key == "yes" || key == "no"
	}
	if q.From == FromOptions {
		for _, o := range t.s.Talk.Options {
			if o.Key == key {
				return true
			}
		}
		return false
	}
	p := t.lib.places[q.From]
	return p != nil && p.find(key) >= 0
}

func (p *places) find(key string) int {
	for i := range p.list {
		if p.list[i].Key == key {
			return i
		}
	}
	return -1
}

// toggle switches one of several choices on or off and shows the question again.
func (t *turn) toggle(st *step, key string) {
	keys := t.picks(st)
	if contains(keys, key) {
		kept := make([]string, 0, len(keys))
		for _, k := range keys {
			if k != key {
				kept = append(kept, k)
			}
		}
		keys = kept
	} else {
		keys = append(keys, key)
	}
	if q := st.Question; q.Max > 0 && float64(len(keys)) > q.Max {
		t.sayWith("choices.toomany", "max", strconv.Itoa(int(q.Max)))
		t.ask(st)
		return
	}
	t.s.Talk.Held = []Value{ChoicesOf(keys...)}
	t.ask(st)
}

// picks are the choices switched on so far, or those of the answer that stands.
func (t *turn) picks(st *step) []string {
	if held := t.s.Talk.Held; t.s.Talk.State == Asking && len(held) == 1 && held[0].Kind == ChoicesValue {
		return held[0].Keys()
	}
	return t.s.Talk.Answer(st.Key).Keys()
}

func (t *turn) chooseDone(st *step) {
	keys := t.picks(st)
	if float64(len(keys)) < max(st.Question.Min, 1) {
		t.sayKey("choices.toofew")
		t.ask(st)
		return
	}
	t.accept(st, ChoicesOf(keys...))
}

func (t *turn) turnPage(st *step, key string) {
	talk := &t.s.Talk
	switch key {
	case keyMore:
		talk.Page++
	case keyLess:
		talk.Page -= min(talk.Page, 1)
	case keyAll:
		talk.Page, talk.Query = 0, ""
	}
	t.ask(st)
}

// hearPhone takes the person's own number, vouched for by the network.
func (t *turn) hearPhone(number string) {
	st := t.step()
	if t.s.Idle() || st == nil || st.Question == nil || st.Question.Type != TypePhone {
		t.sayKey("phone.unasked")
		t.again()
		return
	}
	phone, ok := answer.Phone(number).Sure()
	if !ok {
		phone, ok = answer.Phone("+" + strings.TrimPrefix(number, "+")).Sure()
	}
	if !ok {
		t.wrong(st, "problem."+string(answer.Phone(number).Problem), nil)
		return
	}
	t.s.Talk.State, t.s.Talk.Held = Asking, nil
	t.accept(st, Value{Kind: PhoneValue, Text: phone, Num: 1})
}

// hearFile takes a picture or document.
func (t *turn) hearFile(m Media) {
	st := t.step()
	if t.s.Idle() || st == nil || st.Question == nil || st.Question.Type != TypeFile || m.Ref == "" {
		t.sayKey("file.unasked")
		t.again()
		return
	}
	t.accept(st, Value{Kind: FileValue, Text: strings.Join([]string{m.Ref, m.Name, m.MIME}, sep)})
}

// hearWake takes a due moment of the talk.
func (t *turn) hearWake(in Input) {
	run, _ := strconv.ParseUint(in.Button, 36, 32)
	switch {
	case in.Text == WakeWait && t.s.Talk.Run == uint32(run) && t.s.Talk.State == Sleeping:
		t.s.Talk.State = Asking
		t.after(t.step())
	case in.Text == WakeNudge:
		t.nudge(uint32(run))
	}
}
