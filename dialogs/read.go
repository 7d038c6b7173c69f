package dialogs

import (
	"strings"
	"unicode/utf8"

	"sachhon/dialogs/answer"
)

// hearAnswer reads typed words as the answer to what is being asked.
func (t *turn) hearAnswer(st *step, text string, menu *answer.Menu, list []shown) {
	switch t.s.Talk.State {
	case Sleeping:
		t.s.Talk.State = Asking
		t.after(st)
		return
	case Doubting:
		// Anything but a word on the reading is taken as the answer written anew.
		t.s.Talk.State, t.s.Talk.Held = Asking, nil
		if st.options != nil {
			list, menu = st.options, st.menu
		}
	case Asking:
	default:
		t.near(st, text, menu, list)
		return
	}
	if st.Question == nil {
		t.again()
		return
	}
	switch {
	case st.Question.Type == TypePlace || st.Question.From != "" && t.lib.places[st.Question.From] != nil:
		t.search(st, text)
	case st.Question.Type == TypeChoices:
		t.readMany(st, text)
	case choosy(st.Question):
		t.near(st, text, menu, list)
	default:
		values, problem := read(st.Question, text, t.now)
		t.take(st, values, problem)
	}
}

// take goes on with readings: one without a problem is the answer, others are
// echoed back, none is told.
func (t *turn) take(st *step, values []Value, problem answer.Problem) {
	if len(values) == 0 {
		t.wrong(st, "problem."+string(problem), nil)
		return
	}
	for i := range values {
		if !t.holds(st.Question.Constraint, &values[i]) || !inBounds(st.Question, values[i]) {
			t.broken(st)
			return
		}
	}
	if problem == "" {
		t.accept(st, values[0])
		return
	}
	t.s.Talk.State, t.s.Talk.Held = Doubting, values
	t.doubt(st, problem)
}

// near offers the choices that come close to what was typed.
func (t *turn) near(st *step, text string, menu *answer.Menu, list []shown) {
	browsing := t.browsing(st)
	if browsing && t.smallTalk(text) {
		return
	}
	var close []shown
	if menu != nil {
		for _, i := range menu.Pick(text).Close {
			close = append(close, list[i])
		}
	}
	if browsing && (len(close) == 0 || question(text)) && t.lookUp(text) {
		return
	}
	t.wrong(st, "choice.unknown", close)
}

// browsing says whether the person looks around rather than answers: words
// that are no choice are then a question of their own.
func (t *turn) browsing(st *step) bool {
	return t.s.Talk.State == Asking && (st.flow.Transient || t.s.Talk.Done) && st.Consent == ""
}

// hearYesNo takes a plain yes or no. It comes before the commands: "đúng" and
// even "dung" at such a question mean yes, not "dừng".
func (t *turn) hearYesNo(st *step, text string) bool {
	q := st.Question
	if q == nil || q.Type != TypeYesNo || len(q.Choices) > 0 || t.s.Talk.State != Asking {
		return false
	}
	yes, ok := answer.YesNo(text).Sure()
	if ok {
		t.accept(st, Value{Kind: YesNoValue, Num: flag(yes)})
	}
	return ok
}

// readMany reads several choices typed in one go.
func (t *turn) readMany(st *step, text string) {
	list := t.many(st)
	indexes, ok, close := menuOf(list).PickMany(text)
	if !ok {
		var near []shown
		for _, i := range close {
			near = append(near, list[i])
		}
		t.wrong(st, "choice.unknown", near)
		return
	}
	keys := make([]string, 0, len(indexes))
	for _, i := range indexes {
		keys = append(keys, list[i].Key)
	}
	q := st.Question
	if len(keys) == 0 || q.Max > 0 && float64(len(keys)) > q.Max || float64(len(keys)) < q.Min {
		t.wrong(st, "choices.toofew", nil)
		return
	}
	t.accept(st, ChoicesOf(keys...))
}

// many lists the real choices of a question of several, without the engine's own.
func (t *turn) many(st *step) []shown {
	var list []shown
	for _, s := range t.live(st) {
		if !strings.HasPrefix(s.Key, "~") {
			list = append(list, s)
		}
	}
	return list
}

// search narrows a list of places by what was typed: one exact hit is taken, a
// few are offered, none is told.
func (t *turn) search(st *step, text string) {
	p := t.lib.places[st.Question.From]
	if p == nil {
		t.wrong(st, "choice.unknown", nil)
		return
	}
	if pick := p.menu.Pick(text); pick.Index >= 0 && pick.How == answer.HowExact {
		if hits := p.menu.Search(text); len(hits) == 1 {
			t.accept(st, ChoiceOf(p.list[pick.Index].Key))
			return
		}
	}
	hits := p.menu.Search(text)
	if len(hits) == 0 {
		t.wrong(st, "place.none", nil)
		return
	}
	t.s.Talk.Query, _ = clip(text, 60)
	t.s.Talk.Page = 0
	t.ask(st)
}

// inBounds checks the plain limits of a question.
func inBounds(q *Question, v Value) bool {
	if q.Max <= q.Min {
		return true
	}
	switch v.Kind {
	case NumberValue:
		return v.Num >= q.Min && v.Num <= q.Max
	case TextValue:
		n := float64(utf8.RuneCountInString(v.Text))
		return n >= q.Min && n <= q.Max
	default:
		return true
	}
}

// fits says whether an answer given earlier still answers the question as it
// is now.
func fits(q *Question, v Value) bool {
	switch v.Kind {
	case NoValue:
		return false
	case SkippedValue:
		return q.Optional
	case UnknownValue:
		return q.Unknown
	case NotApplicableValue:
		return q.NotApplicable
	}
	if v.Kind == ChoiceValue {
		return q.From != "" || q.choice(v.Text) >= 0
	}
	if v.Kind == ChoicesValue {
		for _, k := range v.Keys() {
			if q.From == "" && q.choice(k) < 0 {
				return false
			}
		}
		return q.Type == TypeChoices
	}
	return v.Kind == kindOf(q.Type)
}

// kindOf returns the kind of value that a typed question yields.
func kindOf(q QuestionType) ValueKind {
	switch q {
	case TypePhone:
		return PhoneValue
	case TypeTaxCode:
		return TaxValue
	case TypeInteger, TypeDecimal:
		return NumberValue
	case TypeDate:
		return DateValue
	case TypeYesNo:
		return YesNoValue
	case TypeFile:
		return FileValue
	case TypeChoice, TypePlace:
		return ChoiceValue
	case TypeChoices:
		return ChoicesValue
	default:
		return TextValue
	}
}
