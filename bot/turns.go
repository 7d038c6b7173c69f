package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// turns plays one thing that arrived through the engine and writes down what
// followed, all inside the committer's transaction.
type turns struct {
	engine   atomic.Pointer[dialogs.Engine]
	channels map[string]channel.Capabilities
	desk     *actions
	newID    func() string // fresh contact ids
	log      *slog.Logger
}

// maxActions is how many actions of the programme one turn may ask for.
const maxActions = 12

// turn is one turn under way.
type turn struct {
	*turns
	tx      Tx
	now     time.Time
	fx      *effects
	at      channel.Address
	key     string // of the address
	contact dialogs.Contact
	session dialogs.Session
	// reach says whether the contact of a turn that they did not begin can be
	// written to, pushed is the key of the push that is being said, promo that it
	// ends when promotion is refused, and expires from when on it is too late.
	reach   scheduler.Reach
	pushed  string
	promo   bool
	expires time.Time
	// gone is set when the contact was deleted in this turn.
	gone bool
	said int
	// out are messages for the outbox until the turn is kept; space is room for
	// what an ordinary turn says.
	out   []outbox.Row
	space [1]outbox.Row
	place place
}

// take plays one thing that arrived.
func (k *turns) take(tx Tx, in *channel.Incoming, now time.Time, fx *effects) error {
	t := turn{turns: k, tx: tx, now: now, fx: fx, at: in.Address, key: in.Address.String()}
	if in.Standing == channel.StandingBlocked {
		return t.shut(in)
	}
	if seen, err := t.begin(in); err != nil || seen {
		return err
	}
	if err := t.look(in); err != nil {
		return err
	}
	if err := t.note(in); err != nil {
		return err
	}
	if in.Quiet || t.overtaken(in) {
		return t.save()
	}
	if err := t.excuse(in); err != nil {
		return err
	}
	events := k.engine.Load().Turn(&t.session, &t.contact, in.Input, now)
	if err := t.apply(events); err != nil {
		return err
	}
	fx.turns++
	if k.log.Enabled(context.Background(), slog.LevelDebug) {
		k.log.Debug("turn", "channel", in.Address.Channel, "contact", t.contact.ID, "flow", t.session.Talk.Flow,
			"node", t.session.Talk.Node, "messages", t.said)
	}
	return t.save()
}

// apologize tells that a turn failed and leaves everything else as it was.
func (k *turns) apologize(tx Tx, in *channel.Incoming, now time.Time, fx *effects) error {
	t := turn{turns: k, tx: tx, now: now, fx: fx, at: in.Address, key: in.Address.String()}
	if seen, err := t.begin(in); err != nil || seen {
		return err
	}
	if err := t.note(in); err != nil {
		return err
	}
	m := dialogs.Message{Text: k.engine.Load().Library().Text("turn.failed").In(t.contact.Speaks())}
	if err := t.deliver(t.contact.Speaks(), m, false); err != nil {
		return err
	}
	return t.save()
}

// begin loads whose turn it is, unless the update was seen before.
func (t *turn) begin(in *channel.Incoming) (seen bool, err error) {
	if seen, err = t.tx.Seen(in.Address.Channel, in.ID, t.now); err != nil || seen {
		return seen, err
	}
	return false, t.load(in)
}

// shut notes that the person shut the bot out: nothing more is sent there until
// they come back.
func (t *turn) shut(in *channel.Incoming) error {
	seen, err := t.tx.Seen(in.Address.Channel, in.ID, t.now)
	if err != nil || seen {
		return err
	}
	return t.tx.ShutAddress(t.at, t.now)
}

// load finds whose address this is; somebody new becomes a contact.
func (t *turn) load(in *channel.Incoming) error {
	at := t.key
	id, blocked, ok, err := t.tx.Address(at)
	if err != nil {
		return err
	}
	if !ok {
		t.contact = dialogs.Contact{ID: t.newID(), Lang: in.Lang, Addresses: []string{at}, Created: t.now}
		return t.tx.PutAddress(at, t.contact.ID, false)
	}
	if err := t.loadContact(id); err != nil {
		return err
	}
	if len(t.contact.Addresses) > 0 && t.contact.Addresses[0] != at {
		t.contact.Addresses = moveFirst(t.contact.Addresses, at)
	}
	if blocked && in.Standing != channel.StandingBlocked {
		return t.tx.PutAddress(at, id, false)
	}
	return nil
}

func (t *turn) loadContact(id string) error {
	var ok bool
	var err error
	if t.contact, ok, err = t.tx.Contact(id); err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("play turn: the address belongs to a contact that is not there")
	}
	t.session, err = t.tx.Session(id)
	return err
}

// moveFirst puts the address last written from first: that is where the person is.
func moveFirst(list []string, at string) []string {
	out := append(make([]string, 0, len(list)+1), at)
	for _, a := range list {
		if a != at {
			out = append(out, a)
		}
	}
	return out
}

// note writes down what the person said.
func (t *turn) note(in *channel.Incoming) error {
	e := channel.Entry{At: t.now, From: channel.FromPerson}
	switch in.Input.Kind {
	case dialogs.InputPress:
		e.Button, e.Message.Text = in.Input.Button, in.Label
		if e.Message.Text == "" {
			e.Message.Text = t.pressedLabel(in.Input.Button)
		}
	case dialogs.InputFile:
		e.Message.Media = []dialogs.Media{in.Input.File}
		e.Message.Text = in.Input.Text
	case dialogs.InputPhone:
		e.Message.Text = "☎"
	case dialogs.InputText:
		e.Message.Text = clip(in.Input.Text)
		if strings.HasPrefix(e.Message.Text, "/start") {
			return nil // the network says it, not the person
		}
	default:
		return nil
	}
	t.fx.watch(t.key)
	return t.tx.Append(t.key, &e)
}

// pressedLabel is the label of a pressed button whose network did not tell it.
func (t *turn) pressedLabel(id string) string {
	last, err := t.tx.Transcript(t.key, 0, 6)
	if err != nil {
		return ""
	}
	for _, e := range last {
		for _, row := range e.Message.Buttons {
			for _, b := range row {
				if b.ID == id {
					return b.Label
				}
			}
		}
	}
	return ""
}

// maxNoted is how much of what a person typed is kept in the transcript, in bytes.
const maxNoted = 16 << 10

func clip(s string) string {
	if len(s) <= maxNoted {
		return s
	}
	return strings.ToValidUTF8(s[:maxNoted], "") + "…"
}

// apply carries out the events of the engine, and the actions it asks for,
// until it waits for the person again.
func (t *turn) apply(events []dialogs.Event) error {
	for range maxActions {
		var wanted *dialogs.Wanted
		for _, e := range events {
			if w, ok := e.(dialogs.Wanted); ok {
				wanted = &w
				continue
			}
			if err := t.applyOne(e); err != nil {
				return err
			}
		}
		if wanted == nil {
			return nil
		}
		if _, beforehand := t.tx.(*prepared); beforehand {
			return errNotBeforehand
		}
		out, err := t.desk.act(t, wanted)
		if err != nil {
			return fmt.Errorf("action %s: %w", wanted.Action, err)
		}
		events = t.engine.Load().Resume(&t.session, &t.contact, out, t.now)
	}
	return fmt.Errorf("play turn: more than %d actions", maxActions)
}

func (t *turn) applyOne(e dialogs.Event) error {
	switch e := e.(type) {
	case dialogs.Said:
		return t.deliver(t.contact.Speaks(), e.Message, false)
	case dialogs.Consented:
		k := &t.contact.Consents[len(t.contact.Consents)-1]
		k.Channel = t.at.Channel
		if e.Purpose == dialogs.PurposeTips && !e.Given {
			forgetWeekly(&t.contact)
			return errors.Join(t.tx.Unplan(scheduler.TipDue, t.contact.ID), t.withdraw())
		}
	case dialogs.Refused:
		return t.withdraw()
	case dialogs.Waits:
		kind := scheduler.Wake
		if e.For == dialogs.WakeNudge {
			kind = scheduler.Nudge
		}
		t.fx.planned = true
		return t.tx.Plan(scheduler.Job{Kind: kind, Key: t.contact.ID, At: e.Until, Note: e.WakeInput().Button})
	case dialogs.HandedOver:
		if _, beforehand := t.tx.(*prepared); beforehand {
			return errNotBeforehand
		}
		return t.desk.handOver(t, e.Text)
	case dialogs.Troubled:
		t.log.Warn("content trouble", "flow", e.Flow, "node", e.Node, "what", e.What)
	}
	return nil
}

// deliver writes a message into the transcript and, for networks that are sent
// to, makes it ready for the outbox.
func (t *turn) deliver(lang dialogs.Lang, m dialogs.Message, push bool) error {
	caps := t.channels[t.at.Channel]
	t.said++
	t.fx.watch(t.key)
	e := channel.Entry{At: t.now, From: channel.FromBot, Message: m, Push: push}
	if err := t.tx.Append(t.key, &e); err != nil {
		return err
	}
	if caps.Pull {
		return nil
	}
	lane := outbox.Replies
	if push {
		lane = outbox.Bulk
	}
	if t.out == nil {
		t.out = t.space[:0]
	}
	var key string
	switch {
	case t.promo:
		key = store.PromotionKey(t.contact.ID, t.pushed)
	case t.pushed != "":
		key = store.PushKey(t.contact.ID, t.pushed)
	}
	for _, part := range channel.Fit(m, caps, lang) {
		t.out = append(t.out, outbox.Row{Lane: lane, Address: t.at, Message: part, Lang: lang, Key: key, Queued: t.now, Expires: t.expires})
	}
	return nil
}

// send hands what was said to the outbox.
func (t *turn) send() error {
	if len(t.out) == 0 {
		return nil
	}
	if len(t.out) == 1 && t.said == 1 && t.inPlace() {
		t.out[0].Replaces = t.place.under
	}
	for i := range t.out {
		if err := t.tx.Enqueue(t.out[i]); err != nil {
			return err
		}
	}
	t.out, t.fx.queued = nil, true
	return nil
}

// save keeps the session and what changed of the contact, and sends what was
// said.
func (t *turn) save() error {
	if err := t.send(); err != nil {
		return err
	}
	if t.gone {
		return nil
	}
	if err := t.tx.PutContact(&t.contact); err != nil {
		return err
	}
	return t.tx.PutSession(t.contact.ID, &t.session)
}
