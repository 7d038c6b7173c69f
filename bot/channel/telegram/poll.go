package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"sachhon/bot/channel"
)

// The measures of polling.
const (
	pollFor     = 50 * time.Second       // the longest Telegram holds a request
	pollBatch   = 100                    // the most it returns
	pollAtLeast = time.Second            // between requests that bring nothing
	stopGrace   = time.Second            // for what is under way when Poll ends
	keepFirst   = 200 * time.Millisecond // after the receiver failed; doubles
	keepMost    = 10 * time.Second
	netFirst    = time.Second // after the network failed; doubles
	netMost     = 30 * time.Second
	rivalFirst  = 3 * time.Second // while somebody else fetches; doubles
	rivalMost   = time.Minute
	downWait    = 3 * time.Minute // while the token is not known
	hookCheck   = time.Hour       // Telegram drops a webhook it cannot reach for long
)

// Poll sets the bot up and fetches what arrives until ctx ends; then it hands
// over what it has, tells Telegram so and returns nil, all within a second.
// Nothing makes it give up: while Telegram cannot be reached or does not know
// the token it tries again, and says so once. With Options.Webhook it only
// keeps the webhook set, and [Telegram.Webhook] takes what arrives.
func (t *Telegram) Poll(ctx context.Context, to channel.Receiver) error {
	last, cancel := grace(ctx, stopGrace)
	defer cancel()
	p := &poller{Telegram: t, to: to, last: last}
	if !p.connectUntil(ctx) {
		return nil
	}
	var aside sync.WaitGroup
	defer aside.Wait()
	aside.Go(func() {
		if err := t.dressUp(ctx); err != nil && ctx.Err() == nil {
			t.log.Warn("menu and descriptions on Telegram are not up to date", "error", err)
		}
	})
	if t.opts.Webhook {
		for pause(ctx, hookCheck) == nil && p.connectUntil(ctx) {
		}
		return nil
	}
	p.loop(ctx)
	p.confirm()
	p.answers.settledAll(p.last)
	return nil
}

// grace returns a context that ends d after ctx.
func grace(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	last, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return last, func() {
		stop()
		cancel()
	}
}

// poller is one run of Poll.
type poller struct {
	*Telegram
	to      channel.Receiver
	last    context.Context // for what is to be finished when Poll ends
	offset  int64           // what is below it was kept; 0: begin with the oldest
	behind  bool            // Telegram was not told yet
	trouble trouble
}

// connectUntil connects and says whether it could before ctx ended.
func (p *poller) connectUntil(ctx context.Context) bool {
	for {
		err := p.connect(ctx)
		if err == nil {
			p.works()
			return true
		}
		if ctx.Err() != nil || pause(ctx, p.failed(err)) != nil {
			return false
		}
	}
}

func (p *poller) loop(ctx context.Context) {
	for ctx.Err() == nil {
		began := time.Now()
		batch, err := p.fetch(ctx)
		if err != nil {
			if ctx.Err() != nil || pause(ctx, p.failed(err)) != nil {
				return
			}
			p.clear(ctx, err)
			continue
		}
		p.works()
		if len(batch) == 0 {
			if rest := pollAtLeast - time.Since(began); rest > 0 && pause(ctx, rest) != nil {
				return
			}
			continue
		}
		if !p.keep(ctx, batch) {
			return
		}
	}
}

// clear removes a webhook if that is why updates could not be fetched.
func (p *poller) clear(ctx context.Context, why error) {
	if meaningOf(why) != conflict {
		return
	}
	if err := p.connect(ctx); err != nil {
		p.log.Debug("not known whether a webhook is set", "error", err)
	}
}

// keep hands a batch to the receiver. Where that fails the same updates are
// fetched again a little later; it returns false when ctx ended meanwhile.
func (p *poller) keep(ctx context.Context, batch []update) bool {
	err := p.hand(p.last, p.last, p.to, batch...)
	if err == nil {
		// The last one, not the highest: ids may begin again lower.
		next := batch[len(batch)-1].id + 1
		stuck := next == p.offset // what was confirmed came again
		p.offset, p.behind = next, true
		p.trouble.kept()
		return !stuck || pause(ctx, pollAtLeast) == nil
	}
	if ctx.Err() != nil {
		return false
	}
	wait, first := p.trouble.notKept()
	if first {
		p.log.Error("what arrived could not be kept and is fetched again", "error", err)
	}
	return pause(ctx, wait) == nil
}

// fetch waits for updates.
func (p *poller) fetch(ctx context.Context) ([]update, error) {
	if err := p.client.gate.wait(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, pollFor+pollMargin)
	defer cancel()
	raw, err := p.getUpdates(ctx, pollBatch, pollFor)
	if means := meaningOf(err); means == fine || means == unsure && calledOff(err) {
		p.behind = false // Telegram confirms when it is asked, not when it answers
	}
	if err != nil {
		return nil, err
	}
	return readBatch(raw)
}

func (p *poller) getUpdates(ctx context.Context, limit int, wait time.Duration) (json.RawMessage, error) {
	params := tgbotapi.Params{"limit": strconv.Itoa(limit), "timeout": strconv.Itoa(int(wait / time.Second))}
	params.AddNonZero64("offset", p.offset)
	if err := params.AddInterface("allowed_updates", allowedUpdates); err != nil {
		return nil, err
	}
	return p.client.ask(ctx, "getUpdates", params, nil)
}

func readBatch(raw json.RawMessage) ([]update, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, &wireError{method: "getUpdates", sent: true, status: http.StatusOK, err: errNotTelegram}
	}
	batch := make([]update, 0, len(list))
	for _, one := range list {
		u, err := readUpdate(one)
		if err != nil {
			return nil, &wireError{method: "getUpdates", sent: true, status: http.StatusOK, err: err}
		}
		batch = append(batch, u)
	}
	return batch, nil
}

// confirm tells Telegram what was kept, so that it does not come again. It
// stays untold where Telegram is slow: then the receiver sees it twice.
func (p *poller) confirm() {
	if !p.behind {
		return
	}
	if _, err := p.getUpdates(p.last, 1, 0); err != nil {
		p.log.Debug("what was kept last is not confirmed", "error", err)
	}
}

// trouble is what goes wrong with polling, and for how long already.
type trouble struct {
	means   meaning // of the failure that was logged; fine: none was
	failed  int     // requests in a row
	refused int     // batches in a row
}

func (t *trouble) kept() { t.refused = 0 }

// notKept returns how long to wait after the receiver failed, and whether it
// did for the first time.
func (t *trouble) notKept() (wait time.Duration, first bool) {
	t.refused++
	return doubled(keepFirst, t.refused, keepMost), t.refused == 1
}

func (p *poller) works() {
	if p.trouble.means != fine {
		p.log.Info("Telegram answers again")
	}
	p.trouble.means, p.trouble.failed = fine, 0
}

// failed returns how long to wait after a failure, and logs it once.
func (p *poller) failed(err error) time.Duration {
	means := meaningOf(err)
	if means == wait {
		return 0 // the gate knows
	}
	if means == unsent {
		means = unsure // the same trouble
	}
	first := p.trouble.means != means
	if first {
		p.trouble.failed = 0
	}
	p.trouble.means = means
	p.trouble.failed++
	switch means {
	case shutOut:
		if first {
			p.log.Error(errToken.Error())
		}
		return downWait
	case conflict:
		if first {
			p.log.Warn("another program fetches the messages of this bot, or a webhook is set; only one can", "error", err)
		}
		return doubled(rivalFirst, p.trouble.failed, rivalMost)
	default:
		if first {
			p.log.Warn("Telegram cannot be asked for messages", "error", err)
		}
		return doubled(netFirst, p.trouble.failed, netMost)
	}
}

// doubled returns first·2ⁿ⁻¹, at most most.
func doubled(first time.Duration, n int, most time.Duration) time.Duration {
	d := first
	for i := 1; i < n && d < most; i++ {
		d *= 2
	}
	return min(d, most)
}
