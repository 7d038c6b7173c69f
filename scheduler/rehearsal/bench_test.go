package rehearsal_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"sachhon/scheduler/rehearsal"
)

// BenchmarkRehearse plays a broadcast to a million invented people on a usual
// day, the making up of the people included.
func BenchmarkRehearse(b *testing.B) {
	const million = 1_000_000
	b.Run(fmt.Sprintf("people=%d", million), func(b *testing.B) {
		house := gate(b)
		for i := range b.N {
			random := rand.New(rand.NewPCG(uint64(i), 1))
			now := at("1/12/2026", "8:00")
			stage := rehearsal.Stage{Gate: house, From: now, Lines: lines(rehearsal.UsualFaults), Rand: random}
			cast := promotion(now)
			play := stage.NewBroadcast(cast)
			invite(house, play, cast, million, random, now)
			r, err := play.Play()
			if err != nil || r.Total+r.Outside != million {
				b.Fatal(r, err)
			}
			addsUp(b, &r)
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapSys-m.HeapReleased)/1e6, "heap-MB")
		}
		b.ReportMetric(float64(b.N)*million/b.Elapsed().Seconds(), "people/s")
	})
}
