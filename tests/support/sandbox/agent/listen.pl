# Real sockets for the stand-ins, which a shell cannot make: listen.pl stay|leave|is-there ADDRESS...
# An address is stream:PATH, datagram:PATH, tcp:PORT or udp:PORT; with 0.0.0.0: before it, a port is open to every address.
# `stay` says that the container is up and waits to be killed; `leave` returns once it listens and goes on behind; `is-there`
# connects.
use strict;
use Socket;

my ($way, @addresses) = @ARGV;
my @open;

sub address {
    my ($kind, $where) = split /:/, $_[0], 2;
    my $is_path = $kind eq 'stream' || $kind eq 'datagram';
    my $type = $kind eq 'stream' || $kind eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
    my $is_open = !$is_path && $where =~ s/^0\.0\.0\.0://;
    my $name = $is_path ? pack_sockaddr_un($where) : pack_sockaddr_in($where, $is_open ? INADDR_ANY : INADDR_LOOPBACK);
    return ($is_path ? PF_UNIX : PF_INET, $type, $name, $is_path ? $where : undef);
}

sub listens {
    my ($family, $type, $name, $path) = address($_[0]);
    unlink $path if defined $path;
    socket(my $socket, $family, $type, 0) or return 0;
    bind($socket, $name) or return 0;
    listen($socket, 16) or return 0 if $type == SOCK_STREAM;
    chmod 0722, $path if defined $path;
    push @open, $socket;
    return 1;
}

sub is_there {
    my ($family, $type, $name) = address($_[0]);
    socket(my $socket, $family, $type, 0) or return 0;
    return connect($socket, $name);
}

# To the runtime of the sandbox, which waits for it.
sub is_up {
    open(my $runtime, '>&=', 3) or die "up: $!\n";
    print $runtime "up\n";
    close $runtime;
}

$| = 1;
if ($way eq 'is-there') {
    for my $address (@addresses) { is_there($address) or exit 1 }
    exit 0;
}
for my $address (@addresses) {
    if (listens($address)) { print "seen: listens on $address\n" }
    else { print STDERR "cannot listen on $address: $!\n" }
}
exit 0 if $way eq 'leave' && fork;
is_up() if $way eq 'stay';
sleep 3600 while 1;
