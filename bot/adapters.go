package bot

import (
	"context"
	"io"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/store"
	"sachhon/dialogs"
)

// boltStore makes the embedded store a [Store].
type boltStore struct{ s *store.Store }

func (b boltStore) Update(ctx context.Context, fn func(Tx) error) error {
	return b.s.Update(ctx, func(tx *store.Tx) error { return fn(tx) })
}

func (b boltStore) View(ctx context.Context, fn func(Tx) error) error {
	return b.s.View(ctx, func(tx *store.Tx) error { return fn(tx) })
}

func (b boltStore) Try(ctx context.Context, fn func(Tx) error) error {
	return b.s.Try(ctx, func(tx *store.Tx) error { return fn(tx) })
}

// webPort is the bot as the web chat sees it.
type webPort struct{ b *Bot }

// Receive commits what visitors did.
func (p webPort) Receive(ctx context.Context, in ...channel.Incoming) error {
	return p.b.committer.Receive(ctx, in...)
}

// Preview plays in and keeps nothing of it.
func (p webPort) Preview(ctx context.Context, in channel.Incoming) ([]channel.Entry, error) {
	return p.b.preview(ctx, in)
}

// Transcript returns entries above after, oldest first.
func (p webPort) Transcript(ctx context.Context, at channel.Address, after uint64, limit int) ([]channel.Entry, error) {
	return p.b.transcript(ctx, at, after, limit)
}

// Watch tells when the transcript grew.
func (p webPort) Watch(at channel.Address) (<-chan struct{}, func()) {
	return p.b.watchers.watch(at.String())
}

// Lang returns the language the contact chose, "" when unknown.
func (p webPort) Lang(ctx context.Context, at channel.Address) (dialogs.Lang, error) {
	c, _, err := p.b.contactAt(ctx, at)
	return c.Lang, err
}

// Open returns a file that an entry of this address carries.
func (p webPort) Open(ctx context.Context, at channel.Address, seq uint64, index int) (dialogs.Media, io.ReadCloser, error) {
	return p.b.openMedia(ctx, at, seq, index)
}

// Keep stores an uploaded file.
func (p webPort) Keep(ctx context.Context, name, mime string, r io.Reader) (dialogs.Media, error) {
	return p.b.keepMedia(ctx, name, mime, r)
}

func (b *Bot) transcript(ctx context.Context, at channel.Address, after uint64, limit int) (out []channel.Entry, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		out, err = tx.Transcript(at.String(), after, limit)
		return err
	})
	return out, err
}

// contactAt returns whose address this is; false when nobody's.
func (b *Bot) contactAt(ctx context.Context, at channel.Address) (c dialogs.Contact, ok bool, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		id, _, known, err := tx.Address(at.String())
		if err != nil || !known {
			return err
		}
		c, ok, err = tx.Contact(id)
		return err
	})
	return c, ok, err
}

// preview plays in against the present state and undoes it.
func (b *Bot) preview(ctx context.Context, in channel.Incoming) (out []channel.Entry, err error) {
	last := uint64(0)
	now := b.clock()
	err = b.store.Try(ctx, func(tx *store.Tx) error {
		at := in.Address.String()
		old, err := tx.Transcript(at, 0, 1)
		if err != nil {
			return err
		}
		if len(old) > 0 {
			last = old[0].Seq
		}
		fx := effects{}
		if err := b.turns.take(tx, &in, now, &fx); err != nil {
			return err
		}
		if last == 0 {
			out, err = tx.Transcript(at, 0, 50)
			return err
		}
		out, err = tx.Transcript(at, last, 50)
		return err
	})
	return out, err
}

// waitNews waits until the address has entries above after, or ctx ends.
func (b *Bot) waitNews(ctx context.Context, at channel.Address, after uint64, wait time.Duration) ([]channel.Entry, error) {
	grown, stop := b.watchers.watch(at.String())
	defer stop()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		entries, err := b.transcript(ctx, at, after, 100)
		if err != nil || len(entries) > 0 {
			return entries, err
		}
		select {
		case <-grown:
		case <-timer.C:
			return nil, nil
		case <-ctx.Done():
			return nil, nil
		}
	}
}
