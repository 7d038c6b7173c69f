package outbox

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// minPart is the shortest text, in runes, that is cut again when a network
// refuses it as too long.
const minPart = 64

// result is what came of one sending.
type result struct {
	row     Row
	head    dialogs.Message // what was sent: the row's message or its first part
	rest    dialogs.Message // what is left of it
	more    bool            // there is a rest
	receipt channel.Receipt
	err     error
	// began and ended are when the sending began and was answered.
	began, ended time.Time
}

// errPanicked stands for a channel that panicked while sending.
var errPanicked = errors.New("the channel panicked")

// send hands one row to the channel; started hears the moment it begins.
func (r *run) send(ctx context.Context, row Row, started chan<- time.Time) {
	ctx, cancel := context.WithTimeout(ctx, r.opts.SendTimeout)
	defer cancel()
	res := result{row: row}
	res.head, res.rest, res.more = channel.Cut(row.Message, row.Limit)
	out := channel.Outgoing{
		ID: strconv.FormatUint(row.ID, 10), Address: row.Address, Message: res.head,
		Lang: row.Lang, Attempt: row.Attempts + 1, Bulk: row.Lane == Bulk,
	}
	if row.Part == 0 {
		out.Replaces = row.Replaces
	}
	if row.Part > 0 {
		out.ID += "." + strconv.Itoa(row.Part)
	}
	defer func() {
		if recover() != nil {
			res.err = &channel.SendError{Kind: channel.Uncertain, Err: errPanicked}
		}
		res.ended = time.Now()
		r.results <- res
	}()
	res.began = time.Now()
	started <- res.began
	res.receipt, res.err = r.sender.Send(ctx, out)
}

// judge decides what a result means for its row, and for how long the whole
// channel is to wait.
func (r *run) judge(res result, now time.Time) (s Settlement, closed time.Duration) {
	s.Lease = res.row.LeasedUntil
	if res.err == nil {
		r.health.works()
		if r.learnt != nil {
			r.learnt.Took(now)
		}
		s.Row = r.taken(res, now)
		return s, 0
	}
	row := res.row
	row.LastError = describe(res.err)
	var se *channel.SendError
	if !errors.As(res.err, &se) {
		se = &channel.SendError{Kind: channel.Uncertain}
	}
	if se.MovedTo != "" && se.MovedTo != row.Address.ID {
		r.health.works()
		row.Address.ID = se.MovedTo
		s.Row = r.again(row, 0, now)
		return s, 0
	}
	switch se.Kind {
	case channel.Limited:
		s.Row = row.queued(time.Time{})
		wait := r.health.limited(se.After)
		if r.learnt != nil {
			r.learnt.Refused(now, wait)
		}
		return s, wait
	case channel.ChannelDown:
		s.Row = row.queued(time.Time{})
		return s, r.health.shutOut(row.LastError)
	case channel.Temporary, channel.Uncertain:
		return r.failed(s, row, se, now)
	default:
		r.health.works()
		s.Row = r.refused(row, se.Kind, res.head, now)
		s.Shut = se.Kind == channel.Unreachable
		return s, 0
	}
}

// resultOf is what came of a sending in a word.
func resultOf(err error) string {
	if err == nil {
		return Taken
	}
	var se *channel.SendError
	if errors.As(err, &se) {
		return se.Kind.String()
	}
	return channel.Uncertain.String()
}

// taken returns the row after the network took what was sent of it.
func (r *run) taken(res result, now time.Time) Row {
	row := res.row
	if res.more {
		row.Message = res.rest
		row.Part++
		row.Attempts, row.Unsure = 0, 0
		return row.queued(time.Time{})
	}
	row.Attempts++
	return row.sent(res.receipt, now)
}

// failed judges a failure that may pass.
func (r *run) failed(s Settlement, row Row, se *channel.SendError, now time.Time) (Settlement, time.Duration) {
	closed := r.health.failed(row.Address)
	if se.Kind == channel.Temporary && r.health.down {
		// Nothing was taken, and the fault is not the message's: it keeps its
		// attempts but lets another one try next.
		s.Row = row.queued(now.Add(closed))
		return s, closed
	}
	if se.Kind == channel.Uncertain {
		row.Unsure++
		row.PossiblyRepeated = true
	}
	s.Row = r.again(row, max(r.backoff(row.Attempts+1), se.After), now)
	return s, closed
}

// again returns the row to be tried after the wait, or given up.
func (r *run) again(row Row, wait time.Duration, now time.Time) Row {
	row.Attempts++
	at := now.Add(wait)
	switch {
	case row.Unsure >= r.opts.MaxUnsure:
		return r.given(row.dead(Unclear, now))
	case row.Attempts >= r.opts.MaxAttempts:
		return r.given(row.dead(Exhausted, now))
	case !row.Expires.IsZero() && !at.Before(row.Expires):
		return r.given(row.dead(Expired, now))
	case wait == 0:
		return row.queued(time.Time{})
	default:
		return row.queued(at)
	}
}

// refused judges a failure that will not pass by itself.
func (r *run) refused(row Row, kind channel.ErrorKind, head dialogs.Message, now time.Time) Row {
	switch kind {
	case channel.BadFormat:
		if row.Message.Format != dialogs.Plain {
			row.Message = channel.Plain(row.Message)
			return r.again(row, 0, now)
		}
		row.Attempts++
		return r.given(row.dead(Unreadable, now))
	case channel.TooLong:
		if half := utf8.RuneCountInString(head.Text) / 2; half >= minPart {
			row.Limit = half
			return r.again(row, 0, now)
		}
		row.Attempts++
		return r.given(row.dead(TooLong, now))
	case channel.Unreachable:
		row.Attempts++
		return r.given(row.dead(Unreachable, now))
	default:
		row.Attempts++
		return r.given(row.dead(Refused, now))
	}
}

// backoff draws the wait before the next attempt after n failed ones.
func (r *run) backoff(n int) time.Duration {
	most := doubled(r.opts.BackoffFirst, n, r.opts.BackoffMost)
	return time.Duration(r.opts.Random() * float64(most))
}

// given logs that a row was given up.
func (r *run) given(row Row) Row {
	r.health.log.Warn("message given up", "row", row.ID, "lane", row.Lane.String(), "attempts", row.Attempts,
		"reason", string(row.Reason), "error", row.LastError)
	return row
}

// describe words a failure for the ledger and the log. Of an error that is no
// [channel.SendError] only the type is told: its text was not made to be kept
// and may hold an address with a token in it.
func describe(err error) string {
	var se *channel.SendError
	if errors.As(err, &se) {
		return se.Error()
	}
	return fmt.Sprintf("send message: %T", err)
}
