package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/dialogs/answer"
	"sachhon/scheduler"
)

// BroadcastView is a broadcast as the API shows it.
type BroadcastView struct {
	ID        string            `json:"id"`
	Title     string            `json:"title"`
	Kind      string            `json:"kind"`
	Status    string            `json:"status"` // draft, scheduled, sending, paused, done, cancelled
	PausedFor string            `json:"paused_for,omitempty"`
	Text      dialogs.Text      `json:"text"`
	Version   int               `json:"text_version"`
	Segment   scheduler.Segment `json:"segment"`
	Purpose   string            `json:"purpose,omitempty"`
	Topic     string            `json:"topic,omitempty"`
	Media     string            `json:"media,omitempty"` // the file's name
	Answers   []BroadcastButton `json:"answers,omitempty"`
	By        string            `json:"by,omitempty"`
	Created   time.Time         `json:"created_at"`
	SendAt    time.Time         `json:"send_at"`
	Expires   time.Time         `json:"expires_at,omitzero"`
	Begun     time.Time         `json:"begun_at,omitzero"`
	Ended     time.Time         `json:"ended_at,omitzero"`
	// HeldUntil is when the clock lets it go on, and HeldFor why it does not now.
	HeldUntil time.Time        `json:"held_until,omitzero"`
	HeldFor   scheduler.Reason `json:"held_for,omitempty"`
	// AsideUntil is when the next is tried of the pending, all of whom had so many
	// messages lately that they were set aside.
	AsideUntil time.Time `json:"aside_until,omitzero"`
	// Planned says that all recipients are known; before, Counts grow.
	Planned bool `json:"planned"`
	// PerSecond is how many recipients it settled a second lately and SecondsLeft
	// how long it will take at that pace; 0: not known, or it does not go on now.
	PerSecond   float64 `json:"per_second"`
	SecondsLeft int     `json:"seconds_left"`
	// Network is what keeps it from going on; nil: nothing does.
	Network         *NetworkWait             `json:"network,omitempty"`
	Counts          BroadcastCounts          `json:"counts"`
	SkippedByReason map[scheduler.Reason]int `json:"skipped_by_reason"`
	FailedByReason  map[scheduler.Reason]int `json:"failed_by_reason,omitempty"`
}

// BroadcastCounts add up: total = sent + failed + skipped + pending.
type BroadcastCounts struct {
	Total   int `json:"total"`
	Sent    int `json:"sent"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
	Pending int `json:"pending"`
	// Repeated is how many of Sent may have come more than once.
	Repeated int `json:"possibly_repeated"`
}

func castView(c *scheduler.Broadcast) BroadcastView {
	v := BroadcastView{ID: c.ID, Title: c.Title, Kind: c.Kind.String(), Status: c.Status.String(), PausedFor: c.PausedFor, Text: c.Text,
		Version: c.Version, Segment: c.Segment, Purpose: c.Purpose, Topic: c.Topic, Media: c.Media.Name, By: c.By, Created: c.Created,
		SendAt: c.SendAt, Expires: c.Expires, Begun: c.Begun, Ended: c.Ended, HeldUntil: c.Until, HeldFor: c.HeldFor, Planned: c.Planned,
		Counts: BroadcastCounts{Total: c.Counts.Total, Sent: c.Counts.Sent, Failed: c.Counts.Failed, Skipped: c.Counts.Skipped(),
			Pending: c.Counts.Pending(), Repeated: c.Counts.Repeated},
		SkippedByReason: map[scheduler.Reason]int{}, FailedByReason: c.Counts.FailedFor}
	if c.Status == scheduler.Sending {
		v.AsideUntil = c.Counts.AsideUntil()
	}
	for _, why := range scheduler.Reasons() {
		v.SkippedByReason[why] = 0 // programs find every reason of the gate
	}
	for why, n := range c.Counts.SkippedFor {
		v.SkippedByReason[why] = n
	}
	for _, a := range c.Answers {
		v.Answers = append(v.Answers, BroadcastButton{Key: a.Key, Label: a.Label, Pressed: a.Pressed})
	}
	return v
}

// ErrNoBroadcast means that there is no broadcast of an id.
var ErrNoBroadcast = errors.New("there is no such broadcast; see `sachhon broadcast list`")

// CreateBroadcast keeps a broadcast, as a draft or to begin at its time. by is
// who made it.
func (b *Bot) CreateBroadcast(ctx context.Context, spec BroadcastSpec, by string) (view BroadcastView, err error) {
	now := b.clock()
	c, err := spec.broadcast(now)
	if err != nil {
		return view, err
	}
	if c.Media, err = b.keepCastMedia(ctx, spec.Media); err != nil {
		return view, err
	}
	if spec.Media != nil {
		c.AltEN = answer.Clean(spec.Media.Alt.EN)
	}
	c.By = by
	err = b.committer.Do(ctx, func(tx Tx, fx *effects) (err error) {
		if c.Segment, err = spec.segment(tx, b); err != nil {
			return err
		}
		if c.ID, err = b.freshCastID(tx); err != nil {
			return err
		}
		view = castView(&c)
		return errors.Join(tx.PutBroadcast(&c), planCast(tx, fx, &c), b.noteDeed(ctx, tx, c.ID, castShown(&view, b.cfg.Timezone)))
	})
	return view, err
}

// planCast puts a scheduled broadcast into the due table, and takes any other out.
func planCast(tx Tx, fx *effects, c *scheduler.Broadcast) error {
	fx.planned = true
	if c.Status != scheduler.Scheduled {
		return tx.Unplan(scheduler.BroadcastDue, c.ID)
	}
	return tx.Plan(scheduler.Job{Kind: scheduler.BroadcastDue, Key: c.ID, At: c.SendAt})
}

// Broadcasts returns every broadcast, the latest first.
func (b *Bot) Broadcasts(ctx context.Context) (list []BroadcastView, err error) {
	list = []BroadcastView{}
	err = b.store.View(ctx, func(tx *store.Tx) error {
		return tx.Broadcasts(func(c scheduler.Broadcast) bool {
			at := 0
			for at < len(list) && !list[at].Created.Before(c.Created) {
				at++
			}
			list = append(list[:at], append([]BroadcastView{b.castNow(&c)}, list[at:]...)...)
			return true
		})
	})
	return list, err
}

// Broadcast returns one broadcast; [ErrNoBroadcast] when there is none.
func (b *Bot) Broadcast(ctx context.Context, id string) (view BroadcastView, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		c, ok, err := tx.Broadcast(id)
		if err != nil {
			return err
		}
		if !ok {
			return badRequest{ErrNoBroadcast}
		}
		view = b.castNow(&c)
		return nil
	})
	return view, err
}

// castNow is a broadcast with the pace at which it goes.
func (b *Bot) castNow(c *scheduler.Broadcast) BroadcastView {
	v := castView(c)
	v.PerSecond, v.SecondsLeft = b.feeder.paces.of(c, b.now())
	v.Network = b.networkWait(c)
	return v
}

// NetworkWait is a network that takes nothing now.
type NetworkWait struct {
	Name  string    `json:"name"`
	Until time.Time `json:"until"` // when it is asked again
	Down  bool      `json:"down"`  // it cannot be reached, or refuses the bot; else it asked for patience
}

// networkWait returns the network that recipients of c wait for the longest; nil
// when none keeps them waiting.
func (b *Bot) networkWait(c *scheduler.Broadcast) (wait *NetworkWait) {
	if c.Status != scheduler.Sending || !c.Until.IsZero() {
		return nil
	}
	for _, n := range b.networks {
		name, st := n.channel.Name(), n.box.Standing()
		way := slices.IndexFunc(c.Counts.Ways, func(w scheduler.Way) bool { return w.Channel == name && w.Waiting+w.Queued > 0 })
		if way >= 0 && st.Until.After(b.now()) && (wait == nil || st.Until.After(wait.Until)) {
			wait = &NetworkWait{Name: name, Until: st.Until, Down: st.Down}
		}
	}
	return wait
}

// PauseBroadcast stops handing recipients over; what waits in the outbox is
// taken back.
func (b *Bot) PauseBroadcast(ctx context.Context, id string) (BroadcastView, error) {
	return b.changeCast(ctx, id, func(c *scheduler.Broadcast, _ time.Time) error { return c.Pause(scheduler.PausedByHand) })
}

// ResumeBroadcast lets a paused broadcast go on, and a draft begin at its time.
func (b *Bot) ResumeBroadcast(ctx context.Context, id string) (BroadcastView, error) {
	return b.changeCast(ctx, id, (*scheduler.Broadcast).Resume)
}

// CancelBroadcast ends a broadcast; who has not got it never will.
func (b *Bot) CancelBroadcast(ctx context.Context, id string) (BroadcastView, error) {
	return b.changeCast(ctx, id, (*scheduler.Broadcast).Cancel)
}

// RewordBroadcast changes title and words of a broadcast that is not sending,
// for those who have not got it yet. What is empty stays as it was, each
// language for itself.
func (b *Bot) RewordBroadcast(ctx context.Context, id, title string, words dialogs.Text) (BroadcastView, error) {
	return b.changeCast(ctx, id, func(c *scheduler.Broadcast, _ time.Time) error {
		title, text := cmp.Or(cleanTitle(title), c.Title), dialogs.Text{VI: cmp.Or(answer.Clean(words.VI), c.Text.VI), EN: cmp.Or(answer.Clean(words.EN), c.Text.EN)}
		if err := wrongWords(title, text).refusal(); err != nil {
			return err
		}
		return c.Reword(title, text)
	})
}

// changeCast does one thing to a broadcast. A refusal is a [scheduler.StateError].
func (b *Bot) changeCast(ctx context.Context, id string, do func(c *scheduler.Broadcast, now time.Time) error) (view BroadcastView, err error) {
	err = b.committer.Do(ctx, func(tx Tx, fx *effects) error {
		c, ok, err := tx.Broadcast(id)
		if err != nil || !ok {
			return errors.Join(err, badRequest{ErrNoBroadcast})
		}
		flowed := c.Flows()
		if err := do(&c, b.clock()); err != nil {
			return badRequest{err}
		}
		fx.cast = true
		if flowed && !c.Flows() {
			err = tx.TakeBack(&c)
		}
		view = castView(&c)
		return errors.Join(err, tx.PutBroadcast(&c), planCast(tx, fx, &c), b.noteDeed(ctx, tx, c.ID, castShown(&view, b.cfg.Timezone)))
	})
	return view, err
}

// TestBroadcast sends a broadcast's message to one contact, by id or address,
// whatever state it is in. It counts nowhere.
func (b *Bot) TestBroadcast(ctx context.Context, id, contact string) error {
	return b.committer.Do(ctx, func(tx Tx, fx *effects) error {
		c, ok, err := tx.Broadcast(id)
		if err != nil || !ok {
			return errors.Join(err, badRequest{ErrNoBroadcast})
		}
		who, err := contactBy(tx, contact)
		if err != nil {
			return err
		}
		t := turn{turns: b.turns, tx: tx, now: b.clock(), fx: fx}
		ok, err = t.open(who)
		if err != nil {
			return err
		}
		if !ok {
			return badRequest{fmt.Errorf("%s has no address in a network that is switched on", contact)}
		}
		lang := t.contact.Speaks()
		if err := t.deliver(lang, onTrial(b.castMessage(&c, lang)), true); err != nil {
			return err
		}
		return t.save()
	})
}

// trial ends the answers of a message that was only sent to be looked at: they
// are answered like any other and not counted.
const trial = "_test"

// onTrial marks the answers of a broadcast's message so.
func onTrial(m dialogs.Message) dialogs.Message {
	for _, row := range m.Buttons {
		for i := range row {
			if strings.HasPrefix(row[i].ID, answerPrefix) {
				row[i].ID += trial
			}
		}
	}
	return m
}

// contactBy finds a contact by its id or one of its addresses.
func contactBy(tx Tx, name string) (string, error) {
	if strings.Contains(name, ":") {
		id, _, ok, err := tx.Address(name)
		if err != nil || ok {
			return id, err
		}
	} else if _, ok, err := tx.Contact(name); err != nil || ok {
		return name, err
	}
	return "", badRequest{fmt.Errorf("there is no contact %q; give its id, or an address such as telegram:42", name)}
}

// BroadcastPreview is who would get a broadcast if it began now.
type BroadcastPreview struct {
	// Outside are those whom the segment does not mean, Recipients those it does;
	// of these Now would get it at once.
	Outside    int                      `json:"outside"`
	Recipients int                      `json:"recipients"`
	Now        int                      `json:"now"`
	Skipped    map[scheduler.Reason]int `json:"skipped_by_reason"`
	Later      map[scheduler.Reason]int `json:"later_by_reason"`
	Until      time.Time                `json:"held_until,omitzero"`
	Channels   map[string]int           `json:"channels"`
	Languages  map[dialogs.Lang]int     `json:"languages"`
	// Message is what it says, in each language.
	Message dialogs.Text `json:"message"`
}

// PreviewBroadcast says who would get a broadcast and who not and why. Nothing
// is kept.
func (b *Bot) PreviewBroadcast(ctx context.Context, spec BroadcastSpec) (view BroadcastPreview, err error) {
	c, err := spec.broadcast(b.clock())
	if err != nil {
		return view, err
	}
	out, err := b.whoWouldGet(ctx, &c, func(tx Tx) (err error) {
		c.Segment, err = spec.segment(tx, b)
		return err
	})
	if err != nil {
		return view, err
	}
	view = BroadcastPreview{Outside: out.Outside, Recipients: out.Total, Now: out.Now, Skipped: out.Skipped, Later: out.Later, Until: out.Until,
		Channels: out.Channels, Languages: out.Langs}
	view.Message = dialogs.Text{VI: b.castMessage(&c, dialogs.Vietnamese).Text, EN: b.castMessage(&c, dialogs.English).Text}
	return view, nil
}

// whoWouldGet looks at every contact as if c began now. first reads into c what
// it needs of each transaction.
func (b *Bot) whoWouldGet(ctx context.Context, c *scheduler.Broadcast, first func(tx Tx) error) (out scheduler.Preview, err error) {
	now := b.clock()
	c.Frozen = now
	for after, more := "", true; more; more = after != "" {
		err := boltStore{b.store}.View(ctx, func(tx Tx) (err error) {
			if err = first(tx); err != nil {
				return err
			}
			after, err = b.casting().Preview(tx, c, after, previewPage, now, &out)
			return err
		})
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// previewPage is how many contacts one reading transaction looks at: it keeps
// old pages alive while it lasts.
const previewPage = 20_000

// broadcastAnswer counts an answer that somebody pressed under a broadcast.
func (a *actions) broadcastAnswer(t *turn, args map[string]string) (dialogs.Outcome, error) {
	id, key, _ := strings.Cut(args["answer"], "_")
	c, ok, err := t.tx.Broadcast(id)
	if err != nil || !ok {
		return outcome("gone"), err
	}
	key, tried := strings.CutSuffix(key, trial)
	r, ok, err := t.tx.Recipient(id, t.contact.ID)
	if err != nil || !ok && !tried || !c.Press(&r, key) {
		return outcome("gone"), err
	}
	chosen := c.Answers[r.Answer-1].Label
	noted := outcome("ok", []dialogs.Answer{both("answer_chosen", dialogs.Text{VI: chosen.VI, EN: chosen.In(dialogs.English)})})
	if tried {
		return noted, nil
	}
	return noted, errors.Join(t.tx.PutRecipient(id, t.contact.ID, &r), t.tx.PutBroadcast(&c))
}
