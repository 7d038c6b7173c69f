package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// RecipientView says whether one person has a broadcast, and why not if not.
type RecipientView struct {
	Broadcast string `json:"broadcast"`
	Title     string `json:"title"`
	Contact   string `json:"contact"`
	// Status is waiting, set_aside, queued, sent, failed, skipped, or "none" for
	// somebody who is no recipient.
	Status string `json:"status"`
	// Reason is the word of records: why failed, skipped, set aside or held back.
	Reason scheduler.Reason `json:"reason,omitempty"`
	// At is since when it is so; Until when it is tried again.
	At    time.Time `json:"at,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Repeated: the person may have it more than once.
	Repeated bool   `json:"possibly_repeated"`
	Channel  string `json:"channel,omitempty"`
	Version  int    `json:"text_version,omitempty"` // of the words they were sent
	Answer   string `json:"answer,omitempty"`       // the key of the button they pressed
	// Words say it all in a sentence.
	Words dialogs.Text `json:"words"`
}

// none is the status of somebody who is no recipient.
const none = "none"

// BroadcastRecipient says how one contact, by id or address, stands with a
// broadcast.
func (b *Bot) BroadcastRecipient(ctx context.Context, id, contact string) (view RecipientView, err error) {
	err = boltStore{b.store}.View(ctx, func(tx Tx) error {
		c, ok, err := tx.Broadcast(id)
		if err != nil || !ok {
			return errors.Join(err, badRequest{ErrNoBroadcast})
		}
		who, err := contactBy(tx, contact)
		if err != nil {
			return err
		}
		view, err = b.why(tx, &c, who)
		return err
	})
	return view, err
}

// why words how a contact stands with a broadcast.
func (b *Bot) why(tx Tx, c *scheduler.Broadcast, contact string) (RecipientView, error) {
	v := RecipientView{Broadcast: c.ID, Title: c.Title, Contact: contact, Status: none}
	r, ok, err := tx.Recipient(c.ID, contact)
	if err != nil {
		return v, err
	}
	if !ok {
		key, err := whyNone(tx, c, contact)
		v.Words = b.turns.desk.words(key)
		return v, err
	}
	v.Status, v.Reason, v.At, v.Repeated, v.Version = r.State.String(), r.Reason, r.At, r.Repeated, r.Version
	if i := strings.IndexByte(r.Address, ':'); i > 0 {
		v.Channel = r.Address[:i]
	}
	if r.Answer > 0 && r.Answer <= len(c.Answers) {
		v.Answer = c.Answers[r.Answer-1].Key
	}
	v.Words = b.whyWords(c, &r, &v)
	return v, nil
}

// whyNone says why somebody is no recipient, by the key of the words for it.
func whyNone(tx Tx, c *scheduler.Broadcast, contact string) (string, error) {
	who, ok, err := tx.Contact(contact)
	switch {
	case err != nil || !ok:
		return "why.unknown", err
	case c.Begun.IsZero():
		return "why.not_begun", nil
	case who.Created.After(c.Frozen):
		return "why.newer", nil
	case !c.Thinned.IsZero():
		return "why.thinned", nil
	case !c.Planned && contact > c.Cursor && c.Over():
		return "why.over", nil
	case !c.Planned && contact > c.Cursor:
		return "why.unplanned", nil
	default:
		return "why.outside", nil
	}
}

// whyWords words how a recipient stands, and sets what else the view says of it.
func (b *Bot) whyWords(c *scheduler.Broadcast, r *scheduler.Recipient, v *RecipientView) dialogs.Text {
	switch {
	case r.State == scheduler.Got && r.Repeated:
		return b.because("why.repeated", r.At, "")
	case r.State == scheduler.Got:
		return b.because("why.sent", r.At, "")
	case r.State == scheduler.Queued:
		return b.because("why.queued", r.At, "")
	case r.State == scheduler.Failed:
		return b.because("why.failed", r.At, r.Reason)
	case r.State == scheduler.Skipped:
		return b.because("why.skipped", r.At, r.Reason)
	case c.Rest != "": // it is over and they waited still
		v.Status, v.Reason, v.At = scheduler.Skipped.String(), c.Rest, c.Ended
		return b.because("why.skipped", c.Ended, c.Rest)
	case r.State == scheduler.Aside:
		v.At, v.Until = time.Time{}, r.At
		return b.because("why.aside", r.At, r.Reason)
	case c.Status == scheduler.Paused:
		return b.because("why.paused", r.At, "")
	case !c.Until.IsZero():
		v.Until, v.Reason = c.Until, c.HeldFor
		return b.because("why.held", c.Until, c.HeldFor)
	default:
		return b.because("why.waiting", r.At, "")
	}
}

// because fills the words under key with a time and a reason.
func (b *Bot) because(key string, at time.Time, why scheduler.Reason) dialogs.Text {
	a := b.turns.desk
	values := map[string]dialogs.Text{"{time}": a.moment(at), "{a}": {}}
	if why != "" {
		values["{a}"] = a.words("reason." + string(why))
	}
	return a.named(key, values)
}
