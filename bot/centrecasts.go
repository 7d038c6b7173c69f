package bot

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"sachhon/bot/console"
	"sachhon/bot/desk"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// castPort is what programs can do with broadcasts.
type castPort struct{ b *Bot }

// castShown is a broadcast as programs see it, with times in zone.
func castShown(v *BroadcastView, zone *time.Location) console.Broadcast {
	in := func(t time.Time) time.Time { return shownIn(t, zone) }
	out := console.Broadcast{ID: v.ID, Title: v.Title, Kind: v.Kind, Status: v.Status, PausedFor: v.PausedFor, Text: console.Words(v.Text), TextVersion: v.Version,
		Purpose: v.Purpose, Topic: v.Topic, Media: v.Media, By: v.By, Created: in(v.Created), SendAt: in(v.SendAt), Expires: in(v.Expires), Begun: in(v.Begun),
		Ended: in(v.Ended), HeldUntil: in(v.HeldUntil), HeldFor: string(v.HeldFor), AsideUntil: in(v.AsideUntil), Planned: v.Planned, PerSecond: v.PerSecond, SecondsLeft: v.SecondsLeft,
		Counts: console.BroadcastCounts(v.Counts), SkippedByReason: byReason(v.SkippedByReason)}
	if v.Network != nil {
		out.Network = &console.NetworkWait{Name: v.Network.Name, Until: in(v.Network.Until), Down: v.Network.Down}
	}
	if len(v.FailedByReason) > 0 {
		out.FailedByReason = byReason(v.FailedByReason)
	}
	if raw, err := json.Marshal(v.Segment); err == nil { // lists and words: it cannot fail
		out.Segment.RawMessage = raw
	}
	for _, a := range v.Answers {
		out.Answers = append(out.Answers, console.BroadcastKey{Key: a.Key, Label: console.Words(a.Label), Pressed: a.Pressed})
	}
	return out
}

// shownIn is a time as programs see it: in zone, to the second, as it is kept.
func shownIn(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone).Truncate(time.Second)
}

func byReason(counts map[scheduler.Reason]int) map[string]int {
	out := make(map[string]int, len(counts))
	for why, n := range counts {
		out[string(why)] = n
	}
	return out
}

// castRefusal turns what the functions of broadcasts refuse into what the API says.
func castRefusal(err error) error {
	if err == nil || errors.Is(err, desk.ErrDone) {
		return err
	}
	if errors.Is(err, ErrNoBroadcast) {
		return console.ErrMissing
	}
	if state, ok := errors.AsType[*scheduler.StateError](err); ok {
		return console.Conflict{Words: dialogs.Text{VI: "Đợt gửi này đang ở trạng thái " + state.Status.String() + " nên không làm được việc đó.",
			EN: "This broadcast is " + state.Status.String() + ", so it cannot be " + state.Want + "."}}
	}
	if wrong, ok := errors.AsType[castFaults](err); ok {
		return wrong.wrong()
	}
	if wrong, ok := errors.AsType[badRequest](err); ok {
		return console.Wrong{{Location: "body", Words: dialogs.Text{VI: "đợt gửi chưa đúng: " + wrong.Error(), EN: wrong.Error()}}}
	}
	return err
}

func (p castPort) shown(v BroadcastView, err error) (console.Broadcast, error) {
	return castShown(&v, p.b.cfg.Timezone), castRefusal(err)
}

// CreateBroadcast keeps a broadcast in the name of the token that asks for it.
func (p castPort) CreateBroadcast(ctx context.Context, raw []byte) (console.Broadcast, error) {
	spec, err := ParseBroadcast(raw)
	if err != nil {
		return console.Broadcast{}, castRefusal(err)
	}
	by := ""
	if d := desk.DeedOf(ctx); d != nil {
		by = d.Actor
	}
	return p.shown(p.b.CreateBroadcast(ctx, spec, by))
}

// Broadcast returns one broadcast.
func (p castPort) Broadcast(ctx context.Context, id string) (console.Broadcast, error) {
	return p.shown(p.b.Broadcast(ctx, id))
}

// Broadcasts reads the broadcasts, the latest first; there are a few a week.
func (p castPort) Broadcasts(ctx context.Context, page console.Page) ([]console.Broadcast, string, error) {
	all, err := p.b.Broadcasts(ctx)
	if err != nil {
		return nil, "", err
	}
	from := 0
	if page.After != "" {
		for from < len(all) && all[from].ID != page.After {
			from++
		}
		if from++; from > len(all) {
			return nil, "", console.ErrCursor
		}
	}
	var items []console.Broadcast
	for i := from; i < len(all) && len(items) < page.Limit; i++ {
		items = append(items, castShown(&all[i], p.b.cfg.Timezone))
	}
	if from+len(items) < len(all) {
		return items, items[len(items)-1].ID, nil
	}
	return items, "", nil
}

// PauseBroadcast stops it for now.
func (p castPort) PauseBroadcast(ctx context.Context, id string) (console.Broadcast, error) {
	return p.shown(p.b.PauseBroadcast(ctx, id))
}

// ResumeBroadcast lets it go on.
func (p castPort) ResumeBroadcast(ctx context.Context, id string) (console.Broadcast, error) {
	return p.shown(p.b.ResumeBroadcast(ctx, id))
}

// CancelBroadcast stops it for good.
func (p castPort) CancelBroadcast(ctx context.Context, id string) (console.Broadcast, error) {
	return p.shown(p.b.CancelBroadcast(ctx, id))
}

// Recipient says how somebody stands with a broadcast.
func (p castPort) Recipient(ctx context.Context, id, contact string) (out console.Recipient, err error) {
	err = boltStore{p.b.store}.View(ctx, func(tx Tx) error {
		_, known, err := tx.Contact(contact)
		if err == nil && !known {
			_, _, known, err = tx.Address(contact)
		}
		if err == nil && !known {
			err = console.ErrMissing
		}
		return err
	})
	if err != nil {
		return out, err
	}
	v, err := p.b.BroadcastRecipient(ctx, id, contact)
	out = console.Recipient{Broadcast: v.Broadcast, Title: v.Title, Contact: v.Contact, Status: v.Status, Reason: string(v.Reason),
		At: shownIn(v.At, p.b.cfg.Timezone), Until: shownIn(v.Until, p.b.cfg.Timezone),
		Repeated: v.Repeated, Channel: v.Channel, TextVersion: v.Version, Answer: v.Answer, Words: console.Words(v.Words)}
	return out, castRefusal(err)
}
