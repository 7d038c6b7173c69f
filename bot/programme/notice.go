package programme

// Notice is a registration that changed, or whose class did. The caller tells
// the registration's contact where the kind asks for it, and brings what is due
// for the registration in step: [Reminders] while its status is [Seat], the end
// of the hold while it is [Offered], else nothing. Doing that twice does no
// harm; several notices of one registration are in order.
type Notice struct {
	Kind NoticeKind
	// Class and Registration are as the action left them, Registration as of
	// this notice.
	Class        Class
	Registration Registration
	// Position is the place in the waiting list, from 1; 0: not on it.
	Position int
	// Old is the class before it moved; nil but for NoticeClassMoved.
	Old *Class
}

// NoticeKind says what happened. The first five answer what the person has just
// done and are told in the talk itself; the others come unasked.
type NoticeKind string

// The kinds.
const (
	NoticeRegistered NoticeKind = "registered" // seated at once
	NoticeWaitlisted NoticeKind = "waitlisted"
	NoticeAccepted   NoticeKind = "accepted"
	NoticeDeclined   NoticeKind = "declined"
	NoticeCancelled  NoticeKind = "cancelled"

	NoticeOffered        NoticeKind = "offered"       // a seat is held until HoldUntil
	NoticeOfferExpired   NoticeKind = "offer_expired" // back on the waiting list
	NoticeMovedUp        NoticeKind = "moved_up"      // a better place in line
	NoticeClassMoved     NoticeKind = "class_moved"   // another time or venue
	NoticeClassCancelled NoticeKind = "class_cancelled"
)
