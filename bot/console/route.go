package console

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"sachhon/bot/desk"
)

// route is one thing that programs can ask for.
type route struct {
	method, path string
	// action is the name of the operation, and what the audit calls it.
	action, summary string
	role            desk.Role // what the token must at least be
	status          int       // of the answer when it is done; 0: 200
	largest         int64     // body in bytes; 0: 256 KiB
}

// Once is the key by which a POST is carried out once.
type Once struct {
	Key string `header:"Idempotency-Key" maxLength:"255" json:"-" doc:"The same key within 24 hours gives the first answer again."`
}

func (k *Once) requestKey() string { return k.Key }

// add registers a route.
func add[I, O any](a *API, r route, fn func(context.Context, *I) (*O, error)) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	if r.largest == 0 {
		r.largest = 256 << 10
	}
	huma.Register(a.huma, huma.Operation{
		OperationID: r.action, Method: r.method, Path: Root + r.path, Summary: r.summary, DefaultStatus: r.status, MaxBodyBytes: r.largest,
		Description: "For tokens that are at least " + string(r.role) + ".",
		Security:    []map[string][]string{{"token": {}}},
		Middlewares: huma.Middlewares{a.allow(r.role)},
		Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
			http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, func(ctx context.Context, in *I) (*O, error) { return carryOut(a, ctx, &r, in, fn) })
}

// allow lets only tokens through whose role covers what is needed, before
// anything of the request is read.
func (a *API) allow(need desk.Role) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		who := askerOf(ctx.Context())
		if who.token.Role.Covers(need) {
			next(ctx)
			return
		}
		out := plain(who.lang, http.StatusForbidden, wordsRole(need))
		ctx.SetHeader("Content-Type", problemType)
		ctx.SetStatus(out.Status)
		json.NewEncoder(ctx.BodyWriter()).Encode(&out.ErrorModel) //nolint:errcheck // the other side is gone
	}
}

// carryOut does what was asked for, or gives the first answer again.
func carryOut[I, O any](a *API, ctx context.Context, r *route, in *I, fn func(context.Context, *I) (*O, error)) (*O, error) {
	deed, err := a.deed(ctx, r, in)
	if err != nil {
		return nil, a.refuse(ctx, err)
	}
	if again, err := a.again(ctx, deed); again != nil || err != nil {
		return nil, errors.Join(err, again.orNil())
	}
	out, err := fn(desk.WithDeed(ctx, deed), in)
	if errors.Is(err, desk.ErrDone) { // another one with the same key was faster
		again, err := a.again(ctx, deed)
		if again == nil && err == nil {
			err = a.refuse(ctx, desk.ErrDone)
		}
		return nil, errors.Join(err, again.orNil())
	}
	if err != nil {
		return nil, a.refuse(ctx, err)
	}
	return out, nil
}

// deed says who asks for what.
func (a *API) deed(ctx context.Context, r *route, in any) (*desk.Deed, error) {
	who := askerOf(ctx)
	d := &desk.Deed{Actor: who.token.Name, Action: r.action, Status: r.status, Token: who.hash}
	with, ok := in.(interface{ requestKey() string })
	if !ok || with.requestKey() == "" {
		return d, nil
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	d.Key = sha256.Sum256([]byte(with.requestKey()))
	d.Print = sha256.Sum256(append([]byte(r.action+"\x00"), raw...))
	return d, nil
}

// again is an answer that was given before. It travels as an error, by which
// huma takes the status of an answer.
type again struct {
	status int
	body   json.RawMessage
}

func (g *again) orNil() error {
	if g == nil {
		return nil
	}
	return g
}

// Error makes it an error.
func (g *again) Error() string { return desk.ErrDone.Error() }

// GetStatus is the status of the first answer.
func (g *again) GetStatus() int { return g.status }

// GetHeaders tells programs that care that nothing was done this time.
func (g *again) GetHeaders() http.Header { return http.Header{"Idempotent-Replayed": {"true"}} }

// MarshalJSON returns the body of the first answer.
func (g *again) MarshalJSON() ([]byte, error) { return g.body, nil }

// again looks for the answer to an earlier request with the same key.
func (a *API) again(ctx context.Context, d *desk.Deed) (*again, error) {
	if d.Key == (desk.RequestKey{}) {
		return nil, nil
	}
	kept, ok, err := a.centre.Answer(ctx, d.Token, d.Key)
	switch {
	case err != nil:
		return nil, a.refuse(ctx, err)
	case !ok || !kept.Fresh(a.now()):
		return nil, nil
	case kept.Print != d.Print:
		return nil, a.refuse(ctx, Wrong{{Location: "header.Idempotency-Key", Words: wordsOtherRequest}})
	}
	return &again{kept.Status, kept.Body}, nil
}
