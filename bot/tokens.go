package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"sachhon/bot/desk"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// programs is what a transaction keeps of programs that use the API.
type programs interface {
	Token(hash desk.TokenHash) (desk.Token, bool, error)
	PutToken(hash desk.TokenHash, k desk.Token) error
	Tokens(fn func(desk.TokenHash, desk.Token) bool) error
	// Answer is what a request was answered, to be given again.
	Answer(token desk.TokenHash, key desk.RequestKey) (desk.Answer, bool, error)
	PutAnswer(token desk.TokenHash, key desk.RequestKey, a desk.Answer) error
	// AppendRecord adds to the audit; Records reads it, the latest first.
	AppendRecord(r desk.Record) error
	Records(before uint64, fn func(desk.Record) bool) error
}

// pages reads lists page by page, each going on behind a key.
type pages interface {
	ContactsAfter(id string, fn func(dialogs.Contact) bool) error
	ClassesAfter(starts time.Time, id string, fn func(programme.Class) bool) error
	RegistrationsAfter(id string, fn func(programme.Registration) bool) error
	RegistrationsOfClassAfter(class string, number int, fn func(programme.Registration) bool) error
	AssessmentsAfter(id uint64, fn func(programme.Assessment) bool) error
	RequestsAfter(id uint64, fn func(programme.Request) bool) error
	QuestionsAfter(id uint64, fn func(desk.Question) bool) error
}

// TokenRequest is a token as the shell asks for it.
type TokenRequest struct{ Name, Role string }

// MadeToken holds the secret of a new token, which is kept nowhere.
type MadeToken struct{ Secret string }

func (b *Bot) controlTokens(mux *http.ServeMux) {
	handle(mux, "POST /tokens", func(r *http.Request) (any, error) {
		req, err := decode[TokenRequest](r)
		if err != nil {
			return nil, err
		}
		secret, err := b.CreateToken(r.Context(), req.Name, desk.Role(req.Role))
		return MadeToken{secret}, err
	})
	handle(mux, "GET /tokens", func(r *http.Request) (any, error) { return b.Tokens(r.Context()) })
	handle(mux, "POST /tokens/revoke", func(r *http.Request) (any, error) {
		req, err := decode[TokenRequest](r)
		if err != nil {
			return nil, err
		}
		return struct{}{}, b.RevokeToken(r.Context(), req.Name)
	})
}

// CreateToken makes a token for a program and returns its secret, this once.
func (b *Bot) CreateToken(ctx context.Context, name string, role desk.Role) (string, error) {
	token, secret, err := desk.NewToken(name, role, b.random, b.clock())
	if err != nil {
		return "", badRequest{err}
	}
	err = b.committer.Do(ctx, func(tx Tx, _ *effects) error {
		if _, _, taken, err := workingToken(tx, token.Name); err != nil || taken {
			return errors.Join(err, badRequest{desk.ErrTokenTaken})
		}
		return errors.Join(tx.PutToken(desk.HashToken(secret), token),
			tx.AppendRecord(desk.Record{At: b.clock().UTC().Truncate(time.Second), Actor: desk.Shell, Action: "token.create", Object: token.Name}))
	})
	return secret, err
}

// workingToken finds the token of a name that is not revoked.
func workingToken(tx Tx, name string) (hash desk.TokenHash, found desk.Token, ok bool, err error) {
	err = tx.Tokens(func(h desk.TokenHash, k desk.Token) bool {
		if k.Name == name && k.Works() {
			hash, found, ok = h, k, true
		}
		return !ok
	})
	return hash, found, ok, err
}

// RevokeToken makes the token of a name open nothing from now on.
func (b *Bot) RevokeToken(ctx context.Context, name string) error {
	return b.committer.Do(ctx, func(tx Tx, _ *effects) error {
		hash, token, ok, err := workingToken(tx, strings.TrimSpace(name))
		if err != nil || !ok {
			return errors.Join(err, badRequest{desk.ErrNoToken})
		}
		token.Revoked = b.clock().UTC().Truncate(time.Second)
		return errors.Join(tx.PutToken(hash, token),
			tx.AppendRecord(desk.Record{At: b.clock().UTC().Truncate(time.Second), Actor: desk.Shell, Action: "token.revoke", Object: token.Name}))
	})
}

// Tokens returns every token, by name and then by age, the revoked ones too.
func (b *Bot) Tokens(ctx context.Context) (list []desk.Token, err error) {
	list = []desk.Token{}
	err = boltStore{b.store}.View(ctx, func(tx Tx) error {
		return tx.Tokens(func(_ desk.TokenHash, k desk.Token) bool {
			list = append(list, k)
			return true
		})
	})
	slices.SortFunc(list, func(a, b desk.Token) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return a.Created.Compare(b.Created)
	})
	return list, err
}

// noteDeed keeps, in the transaction that does what a program asked for, who
// did it to what, and the answer for when the request comes again. What nobody
// asked for by the API leaves no trace here. It fails with [desk.ErrDone] when
// the request was carried out before; the transaction must then be undone.
func (b *Bot) noteDeed(ctx context.Context, tx Tx, object string, answer any) error {
	d := desk.DeedOf(ctx)
	if d == nil {
		return nil
	}
	now := b.clock().UTC().Truncate(time.Second)
	if err := tx.AppendRecord(desk.Record{At: now, Actor: d.Actor, Action: d.Action, Object: object}); err != nil {
		return err
	}
	if d.Key == (desk.RequestKey{}) {
		return nil
	}
	old, ok, err := tx.Answer(d.Token, d.Key)
	if err != nil {
		return err
	}
	if ok && old.Fresh(now) {
		return desk.ErrDone
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body) // as the API itself writes answers
	enc.SetEscapeHTML(false)
	if err := enc.Encode(answer); err != nil {
		return err
	}
	return tx.PutAnswer(d.Token, d.Key, desk.Answer{Print: d.Print, Status: d.Status, Body: body.Bytes(), At: now})
}
