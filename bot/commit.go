package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"sachhon/bot/channel"
)

// Committer runs turns: all that wait together in one transaction, in the order
// in which they came, so that a batch costs one commit and a lone turn waits
// for nobody.
type Committer struct {
	store Store
	turns *turns
	now   func() time.Time
	log   *slog.Logger
	queue chan *request
	after func(effects) // told of every commit
	count func(requests, turns, failed int, took time.Duration)
	done  chan struct{}
	stop  sync.Once
	// closing refuses what comes after Close.
	closing atomic.Bool
}

// maxBatch is how many requests one transaction takes at the most: it bounds
// how long those at its end wait, and the memory a transaction holds.
const maxBatch = 1024

// maxReruns is how often a batch is begun again without its failed turns
// before the rest goes one by one.
const maxReruns = 3

// errClosing is what arrives while the program stops is told.
var errClosing = errors.New("commit turn: the program is stopping")

// request is something that waits for its commit.
type request struct {
	// ready is closed once played is there; nil: it is not played beforehand.
	ready <-chan struct{}
	// played is the turn of a single arrival played beforehand; nil: not.
	played *prepared
	in     []channel.Incoming             // what arrived, or:
	do     func(tx Tx, fx *effects) error // what the program itself wants to do
	// failure is why it cannot be done; set once it failed in a batch.
	failure error
	settled chan error
}

// effects are what a batch wants done once it is on disk.
type effects struct {
	watched []string // addresses whose transcript grew
	planned bool     // the due table changed
	queued  bool     // the outbox grew
	cast    bool     // a broadcast may have something to do
	turns   int
}

// watch notes that an address's transcript grew; said twice in a row it is
// noted once.
func (fx *effects) watch(at string) {
	if n := len(fx.watched); n == 0 || fx.watched[n-1] != at {
		fx.watched = append(fx.watched, at)
	}
}

func newCommitter(store Store, turns *turns, now func() time.Time, after func(effects),
	count func(requests, turns, failed int, took time.Duration), log *slog.Logger) *Committer {
	return &Committer{store: store, turns: turns, now: now, after: after, count: count, log: log,
		queue: make(chan *request, maxBatch), done: make(chan struct{})}
}

// Receive hands over what arrived from a network and returns nil once all of
// it is on disk. An error means that it was not kept and must come again.
func (k *Committer) Receive(ctx context.Context, in ...channel.Incoming) error {
	if len(in) == 0 {
		return nil
	}
	r := &request{in: in}
	return k.submit(ctx, r)
}

// Do runs fn in the batch of the moment and returns once it is on disk.
func (k *Committer) Do(ctx context.Context, fn func(tx Tx, fx *effects) error) error {
	return k.submit(ctx, &request{do: fn})
}

func (k *Committer) submit(ctx context.Context, r *request) error {
	if k.closing.Load() {
		return errClosing
	}
	r.settled = make(chan error, 1)
	select {
	case k.queue <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-k.done:
		return errClosing
	}
	select {
	case err := <-r.settled:
		return err
	case <-ctx.Done():
		return ctx.Err() // it may still be committed; its id makes that harmless
	case <-k.done:
		select {
		case err := <-r.settled:
			return err
		default:
			return errClosing
		}
	}
}

// Run commits until Close; then it commits what waits already and returns.
func (k *Committer) Run() {
	defer close(k.done)
	batch := make([]*request, 0, maxBatch)
	for r := range k.queue {
		if r == nil {
			return
		}
		// Those who were just answered are about to ask on: a commit for the
		// first of them alone would keep all others waiting. They are let run
		// for as long as more keep coming. No time is waited: a lone turn, whom
		// nobody joins, goes at once.
		crowd := len(batch) > playAlone
		batch = append(batch[:0], r)
		last, still := false, 0
		for !last && len(batch) < maxBatch && still < maxStill {
			before := len(batch)
			batch, last = k.drain(batch)
			if !crowd {
				break
			}
			if still++; len(batch) > before {
				still = 0
			}
			runtime.Gosched()
		}
		k.play(batch)
		k.commit(batch)
		if last {
			return
		}
	}
}

// maxStill is how often in a row the committer lets others run without anybody
// joining before it stops looking out for more.
const maxStill = 3

// drain adds what waits to the batch, as much as fits; last means that Close
// was called before anything later.
func (k *Committer) drain(batch []*request) (_ []*request, last bool) {
	for len(batch) < maxBatch {
		select {
		case r := <-k.queue:
			if r == nil {
				return batch, true
			}
			batch = append(batch, r)
		default:
			return batch, false
		}
	}
	return batch, false
}

// playAlone is up to how many requests are played in the transaction itself:
// for so few, other processors are not worth waking.
const playAlone = 8

// playChunk is how many turns are played before those at the writer's end of
// the chunk may be carried out.
const playChunk = 32

// play plays the turns of a batch beforehand, in order, on the processors that
// the writer leaves free. It returns at once: whoever carries a request out
// waits for its chunk, which is computing and nothing else.
func (k *Committer) play(batch []*request) {
	if len(batch) <= playAlone {
		return
	}
	now := k.now()
	chunks := (len(batch) + playChunk - 1) / playChunk
	played := make([]chan struct{}, chunks)
	for c := range played {
		played[c] = make(chan struct{})
		for _, r := range batch[c*playChunk : min((c+1)*playChunk, len(batch))] {
			r.ready = played[c]
		}
	}
	own := append([]*request{}, batch...) // the committer fills batch anew while nobody here looks
	var next atomic.Int64
	for range min(max(runtime.GOMAXPROCS(0)-1, 1), chunks) {
		go k.playChunks(own, played, &next, now)
	}
}

// playChunks plays one chunk after the other until none is left.
func (k *Committer) playChunks(batch []*request, played []chan struct{}, next *atomic.Int64, now time.Time) {
	for c := int(next.Add(1)) - 1; c < len(played); c = int(next.Add(1)) - 1 {
		err := k.store.View(context.Background(), func(tx Tx) error {
			for _, r := range batch[c*playChunk : min((c+1)*playChunk, len(batch))] {
				if len(r.in) == 1 {
					r.played = k.turns.beforehand(tx, &r.in[0], now)
				}
			}
			return nil
		})
		if err != nil { // they are played in the transaction instead
			k.log.Warn("turns not played beforehand", "error", err)
		}
		close(played[c])
	}
}

// Close refuses what comes from now on and makes Run end once what came before
// is committed.
func (k *Committer) Close() {
	k.stop.Do(func() {
		k.closing.Store(true)
		k.queue <- nil
	})
	<-k.done
}

// commit runs a batch in one transaction. A turn that fails undoes the
// transaction, is marked, and the batch is run again with an apology in its
// place: turns are pure, so running the others again is harmless.
func (k *Committer) commit(batch []*request) {
	from := time.Now()
	for reruns := range maxReruns {
		fx := effects{}
		var failed *request
		err := k.store.Update(context.Background(), func(tx Tx) error {
			now := k.now()
			fx = effects{watched: make([]string, 0, 2*len(batch))}
			for _, r := range batch {
				if err := k.run(tx, r, now, &fx); err != nil {
					failed = r
					r.failure = err
					return err
				}
			}
			return nil
		})
		if failed == nil {
			k.settle(batch, err, fx)
			k.count(len(batch), fx.turns, reruns, time.Since(from))
			return
		}
	}
	for _, r := range batch {
		k.commitAlone(r)
	}
}

func (k *Committer) commitAlone(r *request) {
	for {
		fx := effects{}
		before := r.failure
		err := k.store.Update(context.Background(), func(tx Tx) error {
			err := k.run(tx, r, k.now(), &fx)
			if err != nil {
				r.failure = err
			}
			return err
		})
		if err == nil || r.failure == before || before != nil {
			k.settle([]*request{r}, err, fx)
			return
		}
	}
}

// settle tells everybody in the batch and, after a commit, those who watch.
func (k *Committer) settle(batch []*request, err error, fx effects) {
	if err != nil {
		err = fmt.Errorf("commit turn: %w", err)
		k.log.Error("batch not committed", "requests", len(batch), "error", err)
	}
	for _, r := range batch {
		if err == nil && r.do != nil {
			r.settled <- r.failure
			continue
		}
		r.settled <- err
	}
	if err == nil {
		k.after(fx)
	}
}

// run carries one request out inside the transaction.
func (k *Committer) run(tx Tx, r *request, now time.Time, fx *effects) (err error) {
	if r.ready != nil {
		<-r.ready
	}
	if r.failure != nil {
		return k.apologize(tx, r, now, fx)
	}
	defer func() {
		if p := recover(); p != nil {
			what := fmt.Sprintf("%T", p) // the value may hold a person's words
			if re, ok := p.(runtime.Error); ok {
				what = re.Error()
			}
			k.log.Error("turn panicked", "panic", what, "stack", string(debug.Stack()))
			err = fmt.Errorf("turn panicked: %s", what)
		}
	}()
	if r.do != nil {
		return r.do(tx, fx)
	}
	if r.played != nil {
		if done, err := r.played.perform(tx, now, fx); err != nil || done {
			return err
		}
	}
	for i := range r.in {
		if err := k.turns.take(tx, &r.in[i], now, fx); err != nil {
			return err
		}
	}
	return nil
}

// apologize takes the place of a failed turn: the conversation stays where it
// was, and the person is told.
func (k *Committer) apologize(tx Tx, r *request, now time.Time, fx *effects) error {
	if r.do != nil {
		return nil // its caller is told
	}
	k.log.Error("turn failed", "channel", r.in[0].Address.Channel, "error", r.failure)
	for i := range r.in {
		if err := k.turns.apologize(tx, &r.in[i], now, fx); err != nil {
			return err
		}
	}
	return nil
}
