package bot

import (
	"context"
	"errors"
	"strconv"

	"sachhon/bot/console"
	"sachhon/bot/programme"
)

// Assessments reads the self-checks, the oldest first.
func (p centrePort) Assessments(ctx context.Context, sector string, page console.Page) (items []programme.Assessment, next string, err error) {
	after, err := numberKey(page.After)
	if err != nil {
		return nil, "", err
	}
	err = p.view(ctx, func(tx Tx) error {
		items, next, err = pageOf(page.Limit, func(fn func(programme.Assessment) bool) error { return tx.AssessmentsAfter(after, fn) },
			func(a *programme.Assessment) string { return strconv.FormatUint(a.ID, 10) },
			func(a *programme.Assessment) (programme.Assessment, bool, error) {
				return *a, sector == "" || a.Sector == sector, nil
			})
		return err
	})
	return items, next, err
}

// Assessment returns one self-check.
func (p centrePort) Assessment(ctx context.Context, id uint64) (a programme.Assessment, err error) {
	err = p.view(ctx, func(tx Tx) (err error) {
		var ok bool
		if a, ok, err = tx.Assessment(id); err == nil && !ok {
			err = console.ErrMissing
		}
		return err
	})
	return a, err
}

// Requests reads the requests for an expert's visit, the oldest first.
func (p centrePort) Requests(ctx context.Context, state string, page console.Page) (items []programme.Request, next string, err error) {
	after, err := numberKey(page.After)
	if err != nil {
		return nil, "", err
	}
	err = p.view(ctx, func(tx Tx) error {
		items, next, err = pageOf(page.Limit, func(fn func(programme.Request) bool) error { return tx.RequestsAfter(after, fn) },
			func(r *programme.Request) string { return strconv.FormatUint(r.ID, 10) },
			func(r *programme.Request) (programme.Request, bool, error) {
				return *r, state == "" || string(r.State) == state, nil
			})
		return err
	})
	return items, next, err
}

// Request returns one request.
func (p centrePort) Request(ctx context.Context, id uint64) (r programme.Request, err error) {
	err = p.view(ctx, func(tx Tx) (err error) {
		var ok bool
		if r, ok, err = tx.Request(id); err == nil && !ok {
			err = console.ErrMissing
		}
		return err
	})
	return r, err
}

// ChangeRequest brings a request to another state.
func (p centrePort) ChangeRequest(ctx context.Context, id uint64, to programme.RequestState, reason string) (r programme.Request, err error) {
	err = p.b.committer.Do(ctx, func(tx Tx, _ *effects) (err error) {
		var ok bool
		if r, ok, err = tx.Request(id); err != nil || !ok {
			return errors.Join(err, console.ErrMissing)
		}
		if err := r.Set(to, reason, p.b.clock()); err != nil {
			return err
		}
		return errors.Join(tx.PutRequest(&r), p.b.noteDeed(ctx, tx, strconv.FormatUint(id, 10), nil))
	})
	return r, err
}
