package dialogs

// fill goes on with a form: the first relevant question without an answer is
// asked, else the summary is shown. Since this depends on the answers alone, a
// form edited in mid-talk goes on at the right place by itself.
func (t *turn) fill(form *step) {
	talk := &t.s.Talk
	for _, q := range form.inner {
		if !t.holds(q.Relevant, nil) {
			continue
		}
		if fits(q.Question, talk.Answer(q.Key)) {
			continue
		}
		if v := t.knownAnswer(q); v.Given() {
			t.put(q.Key, v)
			continue
		}
		t.at(q, Asking)
		t.askForNudge(form)
		t.ask(q)
		return
	}
	if form.Straight {
		t.at(form, Asking)
		t.confirm(form)
		return
	}
	t.at(form, Summing)
	t.summarize(form)
}

// confirm closes a form: answers to questions that do not apply any more are
// dropped, so that nothing is registered from them.
func (t *turn) confirm(form *step) {
	for _, q := range form.inner {
		if !t.holds(q.Relevant, nil) {
			t.s.Talk.drop(q.Key)
		}
	}
	t.put(form.Key, Value{Kind: ResultValue, Text: "confirmed"})
	t.noteWay(form, "confirmed")
	t.after(form)
}

// progress counts the questions of a form that the person meets: where this
// one stands among them, and how many there are.
func (t *turn) progress(st *step) (at, of int) {
	for _, q := range st.form.inner {
		if i := t.s.Talk.find(q.Key); i >= 0 && t.s.Talk.Answers[i].Auto && q != st {
			continue
		}
		if q.Relevant != nil && !t.holds(q.Relevant, nil) {
			continue
		}
		if q != st && q.Question.Known != "" && t.s.Talk.find(q.Key) < 0 && t.knownAnswer(q).Given() {
			continue // it will not be asked
		}
		of++
		if q == st {
			at = of
		}
	}
	return at, of
}

// back goes to what was answered before.
func (t *turn) back() {
	talk := &t.s.Talk
	st := t.step()
	switch {
	case t.s.Idle() || st == nil:
		t.sayKey("back.nothing")
		t.again()
		return
	case talk.State == Doubting:
		talk.State, talk.Held = Asking, nil
		t.ask(st)
		return
	case talk.State == Choosing:
		talk.State = Summing
		t.summarize(st)
		return
	}
	to := t.before(st)
	if to == nil {
		t.sayKey("back.nothing")
		t.again()
		return
	}
	if source := to.source(); source != nil {
		t.enter(source)
		return
	}
	t.at(to, Asking)
	if to.form == nil {
		talk.drop(to.Key)
		t.changed()
	}
	t.ask(to)
}

// before finds the question answered before st: within the form the relevant
// one above it, else the last one the person answered outside.
func (t *turn) before(st *step) *step {
	if form := st.form; form != nil || st.Kind == FormNode {
		if form == nil {
			form = st
		}
		var last *step
		for _, q := range form.inner {
			if q == st {
				break
			}
			if t.s.Talk.find(q.Key) >= 0 && t.holds(q.Relevant, nil) {
				last = q
			}
		}
		if last != nil {
			return last
		}
		st = form
	}
	for i := len(t.s.Talk.Answers) - 1; i >= 0; i-- {
		a := &t.s.Talk.Answers[i]
		q := st.flow.nodes[a.Node]
		if a.Auto || q == nil || q.Kind != AskNode || q.form != nil && (!q.form.Straight || q.form == st) || q == st {
			continue
		}
		if t.s.Talk.find(st.Key) >= 0 && t.s.Talk.find(st.Key) < i {
			continue
		}
		return q
	}
	return nil
}

// source is the action whose options the question offers; nil: it needs none.
func (st *step) source() *step {
	if st.Question.From != FromOptions {
		return nil
	}
	for _, n := range st.flow.nodes {
		if n.Kind != DoNode {
			continue
		}
		for _, to := range n.On {
			if to == st.Key {
				return n
			}
		}
		if n.next == st && n.Next == "" {
			return n
		}
	}
	return nil
}
