package webchat

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits are what one visitor and one network address may ask for. Whole firms
// and classrooms sit behind one address, so that the limits by address are
// wide. Loopback addresses are exempt from those: a proxy on this machine.
type Limits struct {
	VisitorRate    rate.Limit // posts a second; 0: 2
	VisitorBurst   int        // posts at once; 0: 20
	AddressRate    rate.Limit // posts a second; 0: 20
	AddressBurst   int        // posts at once; 0: 1000
	VisitorStreams int        // open event streams; 0: 10
	AddressStreams int        // open event streams; 0: 500
	// Remembered is how many visitors, and how many addresses, are told apart
	// at most; whoever was quiet longest is forgotten first. 0: 50,000, about
	// 10 MB.
	Remembered int
}

func (l Limits) withDefaults() Limits {
	orDefault(&l.VisitorRate, 2)
	orDefault(&l.VisitorBurst, 20)
	orDefault(&l.AddressRate, 20)
	orDefault(&l.AddressBurst, 1000)
	orDefault(&l.VisitorStreams, 10)
	orDefault(&l.AddressStreams, 500)
	orDefault(&l.Remembered, 50_000)
	return l
}

func orDefault[T ~int | ~float64](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}

// guests counts what visitors and addresses ask for.
type guests struct {
	limits Limits

	mu        sync.Mutex
	visitors  *buckets[string]
	addresses *buckets[netip.Prefix]
	previews  *buckets[netip.Prefix]
	streams   map[string]int // by visitor or address; gone at zero
}

func newGuests(l Limits) *guests {
	return &guests{
		limits:    l,
		visitors:  newBuckets[string](l.VisitorRate, l.VisitorBurst, l.Remembered),
		addresses: newBuckets[netip.Prefix](l.AddressRate, l.AddressBurst, l.Remembered),
		previews:  newBuckets[netip.Prefix](l.AddressRate, l.AddressBurst, l.Remembered),
		streams:   map[string]int{},
	}
}

// post takes one post of a visitor into account and returns how long they must
// wait; 0: they may go on.
func (g *guests) post(visitor string, ip netip.Addr, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if wait := g.visitors.take(visitor, now); wait > 0 {
		return wait
	}
	if ip.IsLoopback() {
		return 0
	}
	return g.addresses.take(network(ip), now)
}

// preview says whether an address may have another preview played for it.
func (g *guests) preview(ip netip.Addr, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return ip.IsLoopback() || g.previews.take(network(ip), now) == 0
}

// stream counts one more event stream and returns how to end it; false when
// there are too many already.
func (g *guests) stream(visitor string, ip netip.Addr) (end func(), ok bool) {
	mine, theirs := "visitor "+visitor, "address "+network(ip).String()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.streams[mine] >= g.limits.VisitorStreams || !ip.IsLoopback() && g.streams[theirs] >= g.limits.AddressStreams {
		return nil, false
	}
	g.streams[mine]++
	g.streams[theirs]++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		for _, key := range [...]string{mine, theirs} {
			if g.streams[key]--; g.streams[key] <= 0 {
				delete(g.streams, key)
			}
		}
	}, true
}

// network is what counts as one address: an IPv4 address, or the /64 that one
// IPv6 line has for itself.
func network(ip netip.Addr) netip.Prefix {
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.Prefix(bits) // the zero Addr gives the zero Prefix
	return p
}

// buckets are token buckets by key in bounded memory: two generations, of
// which the older one is dropped when the younger is full.
type buckets[K comparable] struct {
	limit      rate.Limit
	burst      int
	generation int
	young, old map[K]*rate.Limiter
}

func newBuckets[K comparable](limit rate.Limit, burst, remembered int) *buckets[K] {
	return &buckets[K]{limit: limit, burst: burst, generation: max(1, remembered/2), young: map[K]*rate.Limiter{}}
}

// take takes one token and returns how long to wait when there is none.
func (b *buckets[K]) take(key K, now time.Time) time.Duration {
	r := b.of(key).ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

func (b *buckets[K]) of(key K) *rate.Limiter {
	if l := b.young[key]; l != nil {
		return l
	}
	l := b.old[key]
	if l == nil {
		l = rate.NewLimiter(b.limit, b.burst)
	}
	if len(b.young) >= b.generation {
		b.young, b.old = map[K]*rate.Limiter{}, b.young
	}
	b.young[key] = l
	return l
}
