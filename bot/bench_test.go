package bot

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	bolt "go.etcd.io/bbolt"

	"sachhon/bot/channel"
	"sachhon/bot/config"
	"sachhon/dialogs"
)

// BenchmarkDurableTurns measures whole turns through the committer into a real
// bbolt file with fsync on, with a number of chats at once, replies enqueued
// for a network that is sent to.
func BenchmarkDurableTurns(b *testing.B) {
	for _, chats := range []int{1, 64, 1024} {
		b.Run(fmt.Sprintf("chats=%d", chats), func(b *testing.B) {
			bot := benchBot(b)
			inputs := benchTalks(b, bot, chats)
			before := bot.store.Commits()
			b.ResetTimer()
			eachChat(b, chats, func(chat, round int) error {
				in := inputs[chat]
				in.ID = fmt.Sprintf("%d-%d", chat, round)
				return bot.committer.Receive(context.Background(), in)
			})
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
			b.ReportMetric(2*float64(bot.store.Commits()-before)/float64(b.N), "fsyncs/turn")
		})
	}
}

// BenchmarkBoltLimit is the limit that BenchmarkDurableTurns is held against in
// the same run: the puts of the same turns, with the same sizes of keys and
// values, in a hand-written loop over bolt.Batch.
func BenchmarkBoltLimit(b *testing.B) {
	for _, chats := range []int{1, 64, 1024} {
		b.Run(fmt.Sprintf("chats=%d", chats), func(b *testing.B) {
			puts := benchPuts(b)
			db, err := bolt.Open(filepath.Join(b.TempDir(), "limit.db"), 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType, InitialMmapSize: 64 << 20})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			names := map[string]bool{}
			err = db.Update(func(tx *bolt.Tx) error {
				for _, p := range puts {
					if !names[p.bucket] {
						names[p.bucket] = true
						if _, err := tx.CreateBucket([]byte(p.bucket)); err != nil {
							return err
						}
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			people := make([]person, chats)
			for i := range people {
				people[i] = person{fmt.Sprintf("%016x", rand.Uint64()), fmt.Sprintf("%016x", rand.Uint64())}
			}
			var serial atomic.Uint64
			b.ResetTimer()
			eachChat(b, chats, func(chat, _ int) error {
				return db.Batch(func(tx *bolt.Tx) error {
					n := serial.Add(1)
					for i := range puts {
						if err := tx.Bucket([]byte(puts[i].bucket)).Put(puts[i].keyOf(&people[chat], n), bytes.Clone(puts[i].value)); err != nil {
							return err
						}
					}
					return nil
				})
			})
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
		})
	}
}

// eachChat runs b.N turns, every chat in a goroutine of its own and in order.
func eachChat(b *testing.B, chats int, turn func(chat, round int) error) {
	var wg sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(b.N))
	for chat := range chats {
		wg.Go(func() {
			for round := 0; left.Add(-1) >= 0; round++ {
				if err := turn(chat, round); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// benchBot is the whole bot over a real file, with a network that is sent to.
func benchBot(b testing.TB) *Bot {
	b.Helper()
	cfg, err := config.Load(map[string]string{"data": b.TempDir()}, func(string) (string, bool) { return "", false }, nil)
	if err != nil {
		b.Fatal(err)
	}
	bot := New(Options{Config: cfg, Log: slog.New(slog.DiscardHandler)})
	if err := bot.OpenHere(context.Background()); err != nil {
		b.Fatal(err)
	}
	bot.turns.channels["bench"] = channel.Capabilities{Buttons: 100, Label: 60, Text: 4096, Marked: true}
	b.Cleanup(func() {
		if err := bot.Stop(); err != nil {
			b.Error(err)
		}
	})
	return bot
}

// benchTalks brings every chat to the question for the role and returns the
// input that each then sends again and again: a choice, then the way back.
func benchTalks(b testing.TB, bot *Bot, chats int) []channel.Incoming {
	b.Helper()
	inputs := make([]channel.Incoming, chats)
	var all []channel.Incoming
	for chat := range chats {
		at := channel.Address{Channel: "bench", ID: fmt.Sprintf("%016x", rand.Uint64())}
		all = append(all, channel.Incoming{Address: at, Input: dialogs.Say("/hoi")})
		inputs[chat] = channel.Incoming{Address: at, Input: dialogs.Say("x")}
	}
	if err := bot.committer.Receive(context.Background(), all...); err != nil {
		b.Fatal(err)
	}
	return inputs
}

// person is who a chat is with, as keys name them.
type person struct{ address, contact string }

// put is one write of a turn.
type put struct {
	bucket     string
	key, value []byte
	// address and contact are where the key names the person; -1: nowhere.
	address, contact int
	// fresh is a row of its own each turn; else each person has one.
	fresh bool
}

// keyOf is the key of the same row for somebody else, in their n-th turn.
func (p *put) keyOf(who *person, n uint64) []byte {
	key := bytes.Clone(p.key)
	if p.address >= 0 {
		copy(key[p.address:], who.address)
	}
	if p.contact >= 0 {
		copy(key[p.contact:], who.contact)
	}
	if p.fresh {
		binary.BigEndian.PutUint64(key[len(key)-8:], n)
	}
	return key
}

// benchPuts is what one turn of BenchmarkDurableTurns really writes: the store
// is compared before and after it.
func benchPuts(b testing.TB) []put {
	b.Helper()
	bot := benchBot(b)
	in := benchTalks(b, bot, 1)[0]
	in.ID = "0-0000000"
	if err := bot.committer.Receive(context.Background(), in); err != nil {
		b.Fatal(err)
	}
	old := dump(b, bot)
	in.ID = "0-0000001"
	if err := bot.committer.Receive(context.Background(), in); err != nil {
		b.Fatal(err)
	}
	contact, _, err := bot.contactAt(context.Background(), in.Address)
	if err != nil {
		b.Fatal(err)
	}
	var puts []put
	for bucket, rows := range dump(b, bot) {
		for k, v := range rows {
			if was, had := old[bucket][k]; !had || was != v {
				puts = append(puts, put{bucket, []byte(k), []byte(v), strings.Index(k, in.Address.ID), strings.Index(k, contact.ID), !had})
			}
		}
	}
	if len(puts) < 5 {
		b.Fatalf("a turn writes %d rows", len(puts))
	}
	return puts
}

// dump is every row of the store.
func dump(t testing.TB, bot *Bot) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	err := bot.store.Each(context.Background(), func(bucket string, k, v []byte) {
		if all[bucket] == nil {
			all[bucket] = map[string]string{}
		}
		all[bucket][string(k)] = string(v)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
