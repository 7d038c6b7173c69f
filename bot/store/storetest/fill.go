package storetest

import (
	"cmp"
	"context"
	"encoding/base32"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// fillPage is how many contacts one transaction of Fill keeps.
const fillPage = 20_000

// row keeps what more there is of a contact than the contact itself, such as its
// session.
type row func(tx *store.Tx, c *dialogs.Contact) error

// Fill opens a store with n contacts: of(i) returns the i-th, the same whenever
// it is asked. Unlike that of [Open], the store is not checked at the end, which
// would read a million records.
func Fill(t testing.TB, n int, of func(i int) dialogs.Contact) *store.Store {
	t.Helper()
	s := open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	fill(t, s, n, of)
	return s
}

// FillCentre makes the data folder of a centre with n contacts, for a program
// that is started over it: each is [SomeContact], has a session, had a weekly tip
// three days ago and has the next one planned, within the next days.
func FillCentre(t testing.TB, folder string, n int) {
	t.Helper()
	s, err := store.Open(folder, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Truncate(time.Hour)
	subscriber := func(i int) dialogs.Contact {
		c := SomeContact(i, now)
		c.Learn("tips_sector", dialogs.ChoiceOf("wood"))
		c.Learn("tips_day", dialogs.NumberOf(float64(1+i%5), ""))
		c.Learn("tips_hour", dialogs.NumberOf(float64(8+i%12), ""))
		return c
	}
	tip := scheduler.Push{Kind: scheduler.Promotion, Topic: scheduler.TopicTip}
	sent := scheduler.Sent{}.With(&tip, now.AddDate(0, 0, -3))
	fill(t, s, n, subscriber,
		func(tx *store.Tx, c *dialogs.Contact) error { return tx.PutSession(c.ID, someSession(c)) },
		func(tx *store.Tx, c *dialogs.Contact) error { return tx.PutSent(c.ID, sent) },
		func(tx *store.Tx, c *dialogs.Contact) error {
			ahead := time.Duration(24+c.Fact("tips_hour").Num+24*c.Fact("tips_day").Num) * time.Hour
			return tx.Plan(scheduler.Job{Kind: scheduler.TipDue, Key: c.ID, At: now.Add(ahead)})
		})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// someSession is what a talk leaves in which somebody subscribed.
func someSession(c *dialogs.Contact) *dialogs.Session {
	s := dialogs.Session{Runs: 3, Seen: c.Created, Talk: dialogs.Talk{Flow: "weekly", Run: 3, Node: "saved", Done: true, Started: c.Created}}
	for _, key := range []string{"sector", "slot", "agree"} {
		s.Talk.Answers = append(s.Talk.Answers, dialogs.Answer{Node: key, Value: dialogs.ChoiceOf("wood")})
	}
	return &s
}

func fill(t testing.TB, s *store.Store, n int, of func(i int) dialogs.Contact, rows ...row) {
	t.Helper()
	type numbered struct {
		key string
		i   int
	}
	ids, addresses := make([]numbered, n), make([]numbered, 0, n)
	for i := range ids {
		c := of(i)
		ids[i] = numbered{c.ID, i}
		for _, at := range c.Addresses {
			addresses = append(addresses, numbered{at, i})
		}
	}
	put := func(list []numbered, put func(tx *store.Tx, key string, c *dialogs.Contact) error) {
		slices.SortFunc(list, func(a, b numbered) int { return cmp.Compare(a.key, b.key) }) // some ten times as fast as at random
		for page := range slices.Chunk(list, fillPage) {
			err := s.Update(context.Background(), func(tx *store.Tx) error {
				for _, e := range page {
					c := of(e.i)
					if err := put(tx, e.key, &c); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	put(ids, func(tx *store.Tx, _ string, c *dialogs.Contact) error { return tx.PutContact(c) })
	put(addresses, func(tx *store.Tx, at string, c *dialogs.Contact) error { return tx.PutAddress(at, c.ID, false) })
	for _, more := range rows {
		put(ids, func(tx *store.Tx, _ string, c *dialogs.Contact) error { return more(tx, c) })
	}
	clear(ids)
	debug.FreeOSMemory()
}

// SomeContact is the i-th contact as the program makes them, the same whenever
// it is asked: a random id, a Telegram address, six facts, two consents. It
// joined within the 400 days before a day.
func SomeContact(i int, before time.Time) dialogs.Contact {
	random := rand.New(rand.NewPCG(uint64(i), 2))
	var raw [10]byte
	for j := range raw {
		raw[j] = byte(random.Uint32())
	}
	joined := before.Add(-time.Duration(random.IntN(400*24)) * time.Hour)
	c := dialogs.Contact{ID: strings.ToLower(base32.StdEncoding.EncodeToString(raw[:])), Lang: dialogs.Vietnamese,
		Addresses: []string{"telegram:" + strconv.Itoa(1_000_000_000+i*7919)}, Created: joined, Source: "poster3"}
	c.Learn("name", dialogs.TextOf("Nguyễn Thị Hòa"))
	c.Learn("enterprise", dialogs.TextOf("Công ty TNHH Gỗ Minh Phát"))
	c.Learn("phone", dialogs.Value{Kind: dialogs.PhoneValue, Text: "+84912345678", Num: 1})
	c.Learn("tips_state", dialogs.ChoiceOf("on"))
	c.Learn("sector", dialogs.ChoiceOf([]string{"wood", "food", "chemicals"}[i%3]))
	c.Learn("ward", dialogs.ChoiceOf("thu_dau_mot"))
	for _, purpose := range []string{"class", "tips"} {
		c.Consents = append(c.Consents, dialogs.Consent{Purpose: purpose, Given: true, At: joined, Version: 0x9e3779b97f4a7c15,
			Channel: "telegram", Lang: dialogs.Vietnamese})
	}
	return c
}
