package bot

import (
	"strings"
	"time"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// After an outage a network delivers what people did meanwhile, up to a day of
// it. Whoever wrote gets one excuse and an answer to the first thing they said,
// which is what they wait for; what they wrote after it while nobody answered
// ("alo?") is kept and not answered one by one. Buttons and commands count all
// the same: they mean what they say whenever they arrive.

// lateAfter is how old something must be when it arrives to need an excuse.
const lateAfter = 15 * time.Minute

func (t *turn) isLate(in *channel.Incoming) bool {
	return !in.At.IsZero() && t.now.Sub(in.At) >= lateAfter
}

// overtaken says whether in was said before the bot last answered the person.
func (t *turn) overtaken(in *channel.Incoming) bool {
	if !t.isLate(in) || !t.session.Seen.After(in.At) {
		return false
	}
	switch in.Input.Kind {
	case dialogs.InputText:
		return !strings.HasPrefix(in.Input.Text, "/") && !t.engine.Load().Library().IsCommand(in.Input.Text)
	case dialogs.InputPress, dialogs.InputPhone:
		return false
	default:
		return true
	}
}

// excuse says once, before the answer, why it comes late.
func (t *turn) excuse(in *channel.Incoming) error {
	if !t.isLate(in) || t.session.Seen.After(in.At) {
		return nil
	}
	lang := t.contact.Speaks()
	at := in.At.In(t.now.Location())
	when := dialogs.ShowClock(at, lang)
	if at.YearDay() != t.now.YearDay() || at.Year() != t.now.Year() {
		when += " " + dialogs.ShowDay(at, lang)
	}
	words := t.engine.Load().Library().Text("turn.late").In(lang)
	return t.deliver(lang, dialogs.Message{Text: strings.ReplaceAll(words, "{time}", when)}, false)
}
