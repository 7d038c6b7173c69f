package bot

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	bolt "go.etcd.io/bbolt"

	"sachhon/bot/channel"
	"sachhon/bot/config"
	"sachhon/content"
	"sachhon/dialogs"
)

// BenchmarkDurableTurns measures whole turns through the committer into a real
// bbolt file with fsync on, with a number of chats at once, replies enqueued
// for a network that is sent to.
func BenchmarkDurableTurns(b *testing.B) {
	for _, chats := range []int{1, 64, 1024} {
		b.Run(fmt.Sprintf("chats=%d", chats), func(b *testing.B) {
			bot := benchBot(b)
			people := benchAddresses(chats)
			before := bot.store.Commits()
			var update atomic.Uint64
			b.ResetTimer()
			eachChat(b, chats, func(chat, round int) error {
				in := benchTurn(people[chat], round)
				in.ID = strconv.FormatUint(1_000_000_000+update.Add(1), 10) // networks count their updates
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
	bot := New(Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Content: benchContent(b)})
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

var benchQuestions = [...]string{"", "question_1", "question_2", "question_3", "question_4", "question_5", "question_6", "question_7",
	"question_8", "question_9", "question_10"}

// benchTurn is the n-th thing that a chat says: it starts a questionnaire,
// answers its ten questions, leaves, and starts anew.
func benchTurn(at channel.Address, n int) channel.Incoming {
	in := channel.Incoming{Address: at, Label: "Mới làm một phần"}
	switch i := n % 12; i {
	case 0:
		in.Input = dialogs.Say("/start bench_x")
	case 11:
		in.Input = dialogs.Say("/huy")
	default:
		in.Input = dialogs.Press(dialogs.ButtonID(uint32(n/12+1), benchQuestions[i], "some"))
	}
	return in
}

// benchContent is the embedded content with a questionnaire of ten questions.
func benchContent(b testing.TB) fs.FS {
	b.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(content.Embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(content.Embedded(), name)
		files[name] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	var flow strings.Builder
	flow.WriteString("flow: bench\ntitle: {vi: Tự đánh giá, en: Self-check}\nnodes:\n  - key: answers\n    form:\n")
	for i := 1; i <= 10; i++ {
		fmt.Fprintf(&flow, `      - key: question_%d
        choose: {vi: "Xưởng có ghi điện, nước, nhiên liệu hằng tháng không?", en: Do you record power and water every month?}
        label: {vi: Theo dõi, en: Records}
        unknown: true
        not_applicable: true
        choices:
          - {key: none, label: {vi: Chưa có, en: Not yet}}
          - {key: some, label: {vi: Mới làm một phần, en: In part}}
          - {key: most, label: {vi: Làm đều, en: Regularly}}
          - {key: full, label: {vi: "Làm đều, có ghi chép", en: Regularly and recorded}}
`, i)
	}
	flow.WriteString("  - {key: end, end: {vi: Xong., en: Done.}}\n")
	files["flows/bench.yaml"] = &fstest.MapFile{Data: []byte(flow.String())}
	files["commands.yaml"].Data = append(files["commands.yaml"].Data, "\n  - {prefix: bench, flow: bench, into: sector}\n"...)
	return files
}

// benchAddresses makes up who the chats are with.
func benchAddresses(chats int) []channel.Address {
	all := make([]channel.Address, chats)
	for i := range all {
		all[i] = channel.Address{Channel: "bench", ID: fmt.Sprintf("%016x", rand.Uint64())}
	}
	return all
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
	at := benchAddresses(1)[0]
	var old map[string]map[string]string
	for n := range 6 { // the turn measured answers the fifth question
		in := benchTurn(at, n)
		in.ID = strconv.Itoa(1_000_000_000 + n)
		old = dump(b, bot)
		if err := bot.committer.Receive(context.Background(), in); err != nil {
			b.Fatal(err)
		}
	}
	contact, _, err := bot.contactAt(context.Background(), at)
	if err != nil {
		b.Fatal(err)
	}
	var puts []put
	for bucket, rows := range dump(b, bot) {
		for k, v := range rows {
			if was, had := old[bucket][k]; !had || was != v {
				puts = append(puts, put{bucket, []byte(k), []byte(v), strings.Index(k, at.ID), strings.Index(k, contact.ID), !had})
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
