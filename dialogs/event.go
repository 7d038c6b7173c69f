package dialogs

import "time"

// Event is one thing that followed from a turn. The set is closed: Said,
// Answered, Learned, Consented, Wanted, Began, Ended, HandedOver, Waits,
// Refused and Troubled.
type Event interface{ event() }

// Said is a message for the person.
type Said struct{ Message Message }

// Answered is an answer given or changed.
type Answered struct {
	Flow, Node    string
	Value, Before Value
}

// Learned is a fact that became known of the contact; the contact that went
// into the turn already holds it.
type Learned struct {
	Key   string
	Value Value
}

// Consented is a decision on a purpose; the contact already holds it, but for
// the time and the channel, which the committer adds.
type Consented struct {
	Purpose string
	Given   bool
	Version uint64
}

// Wanted asks for an action of the programme. It is the last event of its
// turn: the talk goes on with [Engine.Resume] in the same transaction.
type Wanted struct {
	Action string
	Flow   string
	Node   string
	Args   []Arg
}

// Began is a talk that started.
type Began struct{ Flow string }

// How says in which way a talk ended.
type How string

// The ways.
const (
	Completed How = "completed" // its work was done
	Cancelled How = "cancelled" // the person left it
	Expired   How = "expired"   // nothing happened for SessionLife
	Withdrawn How = "withdrawn" // its flow is no longer in the content
	Stopped   How = "stopped"   // a guard was passed
)

// Ended is a talk that ended, with all its answers.
type Ended struct {
	Flow    string
	How     How
	Answers []Answer
}

// HandedOver gives the talk to the staff, with what the person wrote.
type HandedOver struct{ Flow, Node, Text string }

// Waits asks to be woken with WakeWait or WakeNudge at a time.
type Waits struct {
	For   string // WakeWait, WakeNudge
	Until time.Time
	Run   uint32 // the talk it is for
}

// Refused is promotion refused (or allowed again); the contact already holds it.
type Refused struct{ Promotion bool }

// Troubled is a fault of the content that the person was led around.
type Troubled struct{ Flow, Node, What string }

func (Said) event()       {}
func (Answered) event()   {}
func (Learned) event()    {}
func (Consented) event()  {}
func (Wanted) event()     {}
func (Began) event()      {}
func (Ended) event()      {}
func (HandedOver) event() {}
func (Waits) event()      {}
func (Refused) event()    {}
func (Troubled) event()   {}

// Outcome is what an action came to.
type Outcome struct {
	Result string   // leads on by Node.On; "" goes on to the next node
	Values []Answer // put into the talk, for texts and expressions
	// Options become the choices of the next question "from: options".
	Options []Option
	// Media goes out with the next message.
	Media []Media
}

// Option is a choice an action offered.
type Option struct {
	Key   string
	Label Text
}
