package channeltest

import (
	"context"
	"errors"
	"sync"

	"sachhon/bot/channel"
)

// errNotKept is what the receiver says when told to refuse.
var errNotKept = errors.New("receive update: the disk is full")

// postbox is the bot's side: it keeps what arrives.
type postbox struct {
	mu      sync.Mutex
	got     map[channel.Address][]channel.Incoming
	refuse  int           // how many calls are refused
	refused int           // how many were
	changed chan struct{} // closed at every change
}

func newPostbox() *postbox {
	return &postbox{got: map[channel.Address][]channel.Incoming{}, changed: make(chan struct{})}
}

// Receive keeps what arrives, or refuses it when told to.
func (p *postbox) Receive(ctx context.Context, in ...channel.Incoming) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() {
		close(p.changed)
		p.changed = make(chan struct{})
	}()
	if p.refuse > 0 && len(in) > 0 {
		p.refuse--
		p.refused++
		return errNotKept
	}
	for _, i := range in {
		p.got[i.Address] = append(p.got[i.Address], i)
	}
	return nil
}

// refuseNext makes the next n calls fail.
func (p *postbox) refuseNext(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse, p.refused = n, 0
}

// wait waits until ok holds or ctx ends and says whether it does.
func (p *postbox) wait(ctx context.Context, ok func() bool) bool {
	for {
		p.mu.Lock()
		done, changed := ok(), p.changed
		p.mu.Unlock()
		if done {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// await returns what arrived from an address once there are n or ctx ends.
func (p *postbox) await(ctx context.Context, a channel.Address, n int) []channel.Incoming {
	p.wait(ctx, func() bool { return len(p.got[a]) >= n })
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]channel.Incoming(nil), p.got[a]...)
}

// addresses returns everybody something arrived from.
func (p *postbox) addresses() []channel.Address {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []channel.Address
	for a := range p.got {
		out = append(out, a)
	}
	return out
}
