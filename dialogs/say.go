package dialogs

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sachhon/dialogs/answer"
)

// sayText says an author's words.
func (t *turn) sayText(text Text) {
	if text.Empty() {
		return
	}
	m := t.message(t.fillText(text.In(t.lang())))
	m.Media = t.takeMedia()
	t.emit(Said{m})
}

// sayKey says one of the engine's own wordings.
func (t *turn) sayKey(key string, buttons ...Button) {
	t.sayWith(key, "", "", buttons...)
}

// sayWith says one of the engine's own wordings with one more placeholder.
func (t *turn) sayWith(key, name, value string, buttons ...Button) {
	text := t.lib.texts[key].In(t.lang())
	if name != "" {
		text = strings.ReplaceAll(text, "{"+name+"}", unmark(value))
	}
	m := t.message(t.fillText(text))
	if len(buttons) > 0 {
		m.Buttons = rows(buttons)
		m.Hint = HintChoice
	}
	t.emit(Said{m})
}

func (t *turn) message(text string) Message {
	m := Message{Text: text}
	if strings.Contains(text, "**") {
		m.Format = Marked
	}
	return m
}

func (t *turn) takeMedia() []Media {
	m := t.s.Talk.Media
	t.s.Talk.Media = nil
	return m
}

// commandButton is a button that says a command.
func (t *turn) commandButton(key string) Button {
	cmd := t.lib.command(key)
	return Button{ID: "/" + cmd.Names[0], Label: cmd.Label.In(t.lang())}
}

// ask puts the question of st.
func (t *turn) ask(st *step) {
	var b strings.Builder
	text := st.Text.In(t.lang())
	b.Grow(len(text) + 64)
	if st.form != nil {
		if at, of := t.progress(st); of > 1 {
			b.WriteByte('(')
			b.WriteString(strconv.Itoa(at))
			b.WriteByte('/')
			b.WriteString(strconv.Itoa(of))
			b.WriteString(") ")
		}
	}
	b.WriteString(t.fillText(text))
	if hint := st.Question.Hint; !hint.Empty() {
		b.WriteByte('\n')
		b.WriteString(t.fillText(hint.In(t.lang())))
	}
	if old := t.s.Talk.Answer(st.Key); old.Given() && !fits(st.Question, old) {
		b.WriteByte('\n')
		b.WriteString(strings.ReplaceAll(t.lib.texts["answer.before"].In(t.lang()), "{answer}", unmark(t.show(st, old, t.lang()))))
	}
	t.emitQuestion(st, b.String())
}

// emitQuestion says text with what the talk offers where it waits.
func (t *turn) emitQuestion(st *step, text string) {
	list := t.offered()
	m := t.message(text)
	m.Media = t.takeMedia()
	m.Buttons = t.buttons(st, list, t.wayBack(st))
	m.Hint = hintOf(st, t.s.Talk.State)
	t.emit(Said{m})
}

// wayBack says which way out is shown under a question: back where there is
// something to go back to, else leaving, and none under menus.
func (t *turn) wayBack(st *step) string {
	if st.flow.Transient || t.s.Talk.Done || t.s.Talk.State != Asking || st.Consent != "" {
		return ""
	}
	if t.before(st) != nil {
		return keyBack
	}
	return keyCancel
}

// rowRunes is how many runes of labels fit one row on a narrow phone.
const rowRunes = 26

// buttons makes rows of buttons from what is offered. One buffer holds all
// their IDs and one array all the buttons: this runs in every turn.
func (t *turn) buttons(st *step, list []shown, way string) [][]Button {
	n := len(list)
	if way != "" {
		n++
	}
	if n == 0 {
		return nil
	}
	prefix := strconv.AppendUint(make([]byte, 0, 16+n*(len(st.Key)+24)), uint64(t.s.Talk.Run), 36)
	prefix = append(append(append(prefix, '.'), st.Key...), '.')
	head, ids := len(prefix), prefix
	flat := make([]Button, 0, n)
	ends := make([]int, 0, 16)
	for i := range list {
		if i > 0 {
			ids = append(ids, ids[:head]...)
		}
		ids = append(ids, list[i].Key...)
		ends = append(ends, len(ids))
		flat = append(flat, Button{Label: list[i].Label.In(t.lang()), On: list[i].On, SharePhone: list[i].Share})
	}
	if way != "" {
		if len(list) > 0 {
			ids = append(ids, ids[:head]...)
		}
		ids = append(ids, way...)
		ends = append(ends, len(ids))
		flat = append(flat, Button{Label: t.lib.texts["button."+way[1:]].In(t.lang())})
	}
	all, from := string(ids), 0
	for i, end := range ends {
		flat[i].ID = all[from:end]
		from = end
	}
	return pack(flat, way != "")
}

// rows packs buttons that stand for commands.
func rows(flat []Button) [][]Button { return pack(flat, false) }

// pack puts short labels side by side; the way back stands alone at the end.
func pack(flat []Button, lastAlone bool) [][]Button {
	out := make([][]Button, 0, len(flat))
	start, width := 0, 0
	for i := range flat {
		w := utf8.RuneCountInString(flat[i].Label) + 4
		alone := lastAlone && i == len(flat)-1
		if i > start && (width+w > rowRunes+4 || i-start == 4 || alone) {
			out = append(out, flat[start:i:i])
			start, width = i, 0
		}
		width += w
	}
	return append(out, flat[start:])
}

func hintOf(st *step, state State) InputHint {
	if state != Asking || st.Question == nil {
		return HintChoice
	}
	switch st.Question.Type {
	case TypeName:
		return HintName
	case TypePhone:
		return HintPhone
	case TypeEmail:
		return HintEmail
	case TypeInteger, TypeDecimal, TypeTaxCode:
		return HintNumber
	case TypeFile:
		return HintFile
	case TypeChoice, TypeChoices, TypeYesNo:
		return HintChoice
	default:
		return HintNone
	}
}

// again repeats what the talk waits for; nothing when nothing goes on.
func (t *turn) again() {
	st := t.step()
	if st == nil {
		return
	}
	switch t.s.Talk.State {
	case Asking:
		if st.Question != nil {
			t.ask(st)
		}
	case Doubting:
		t.emitQuestion(st, t.fillText(t.lib.texts["doubt.again"].In(t.lang())))
	case Summing:
		t.summarize(st)
	case Choosing:
		t.emitQuestion(st, t.lib.texts["form.which"].In(t.lang()))
	case Returning:
		t.sayReturning(st)
	case Sleeping:
		t.sayKey("wait.still")
	}
}

// summarize shows a form's answers before anything is committed.
func (t *turn) summarize(form *step) {
	text := form.Text.In(t.lang())
	if form.Text.Empty() {
		text = t.lib.texts["form.summary"].In(t.lang())
	}
	if strings.Contains(text, "{lines}") {
		text = strings.ReplaceAll(text, "{lines}", t.summaryLines(form))
	}
	t.emitQuestion(form, t.fillText(text))
}

// summaryLines lists a form's answers, a line each.
func (t *turn) summaryLines(form *step) string {
	var b strings.Builder
	for _, q := range form.inner {
		v := t.s.Talk.Answer(q.Key)
		if v.Kind == NoValue || v.Kind == SkippedValue || !t.holds(q.Relevant, nil) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(q.label().In(t.lang()))
		b.WriteString(": ")
		b.WriteString(braces.Replace(unmark(t.show(q, v, t.lang()))))
	}
	return b.String()
}

// braces keeps a person's own braces from being read as placeholders.
var braces = strings.NewReplacer("{", "(", "}", ")")

// wrong tells what was not understood: first what is the matter, then with a
// worked example, then with the offer of a person. The same words never come
// twice in a row.
func (t *turn) wrong(st *step, key string, near []shown) {
	talk := &t.s.Talk
	talk.Wrong = min(talk.Wrong+1, 200)
	text, ok := t.lib.texts[key]
	if !ok {
		t.trouble("no wording for " + key)
		text = t.lib.texts["wrong.generic"]
	}
	first := t.fillText(text.In(t.lang()))
	list := t.offered()
	if len(near) > 0 {
		list = near
		first = t.fillText(t.lib.texts["choice.close"].In(t.lang()))
	}
	buttons := t.buttons(st, list, t.wayBack(st))
	switch {
	case talk.Wrong == 2 || talk.Wrong > 3 && talk.Wrong%2 == 0:
		first = t.fillText(t.lib.texts["wrong.second"].In(t.lang())) + "\n" + t.example(st)
	case talk.Wrong >= 3:
		first = t.fillText(t.lib.texts["wrong.third"].In(t.lang()))
		buttons = append(buttons, []Button{t.commandButton("ask")})
	}
	m := t.message(first)
	m.Buttons, m.Hint = buttons, hintOf(st, talk.State)
	t.emit(Said{m})
}

// example is a worked example of a good answer.
func (t *turn) example(st *step) string {
	if q := st.Question; q != nil && t.s.Talk.State == Asking {
		if !q.Example.Empty() {
			return t.fillText(q.Example.In(t.lang()))
		}
		if text, ok := t.lib.texts["example."+string(q.Type)]; ok && !choosy(q) {
			return t.fillText(text.In(t.lang()))
		}
	}
	return t.fillText(t.lib.texts["example.choice"].In(t.lang()))
}

// broken tells that an answer does not fulfil the question's constraint.
func (t *turn) broken(st *step) {
	if text := st.Question.Broken; !text.Empty() && t.s.Talk.Wrong == 0 {
		t.s.Talk.Wrong++
		list := t.offered()
		m := t.message(t.fillText(text.In(t.lang())))
		m.Buttons, m.Hint = t.buttons(st, list, t.wayBack(st)), hintOf(st, Asking)
		t.emit(Said{m})
		return
	}
	t.wrong(st, "wrong.bounds", nil)
}

// doubt echoes a reading back before it is taken.
func (t *turn) doubt(st *step, problem answer.Problem) {
	key := "doubt." + string(problem)
	text, ok := t.lib.texts[key]
	if !ok {
		t.trouble("no wording for " + key)
		text = t.lib.texts["doubt.again"]
	}
	t.emitQuestion(st, strings.ReplaceAll(t.fillText(text.In(t.lang())), "{reading}", unmark(t.show(st, t.s.Talk.Held[0], t.lang()))))
}
