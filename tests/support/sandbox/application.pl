# The application: `application` waits to be killed, `application send` goes once where its variables say.
use strict;
use Socket;

# What the file of hosts has; the libraries of machines look in different places.
sub address {
    my ($host) = @_;
    if (open(my $hosts, '<', '/etc/hosts')) {
        while (<$hosts>) {
            my ($address, @names) = split;
            return $address if grep { $_ eq $host } @names;
        }
    }
    return $host;
}

sub reaches {
    my ($url, $type) = @_;
    my ($socket, $name);
    if (my ($path) = $url =~ m{^unix://(/.+)$}) {
        socket($socket, PF_UNIX, $type, 0) or return 0;
        $name = pack_sockaddr_un($path);
    } elsif (my ($host, $port) = $url =~ m{^(?:http|udp)://([0-9a-z.-]+):(\d+)$}) {
        my $address = inet_aton(address($host)) or return 0;
        socket($socket, PF_INET, $type, 0) or return 0;
        $name = pack_sockaddr_in($port, $address);
    } else {
        return 0;
    }
    # The first datagram tells of nobody who listens, the second one finds out.
    return connect($socket, $name) && send($socket, 'a', 0) && ($type == SOCK_STREAM || send($socket, 'a', 0));
}

# Libraries put together what has no URL: the Agent's host, and a port that has a default.
sub from_parts {
    my ($what) = @_;
    my $host = $ENV{DD_AGENT_HOST} // return;
    return $what eq 'traces'
        ? "http://$host:" . ($ENV{DD_TRACE_AGENT_PORT} // 8126)
        : "udp://$host:" . ($ENV{DD_DOGSTATSD_PORT} // 8125);
}

# To the runtime of the sandbox, which waits for it.
sub is_up {
    open(my $runtime, '>&=', 3) or die "up: $!\n";
    print $runtime "up\n";
    close $runtime;
}

$| = 1;
if (($ARGV[0] // '') eq 'send') {
    for (['traces', 'DD_TRACE_AGENT_URL', SOCK_STREAM], ['metrics', 'DD_DOGSTATSD_URL', SOCK_DGRAM]) {
        my ($what, $variable, $type) = @$_;
        my $url = $ENV{$variable} // from_parts($what);
        if (!defined $url) { print "seen: no address for $what\n" }
        elsif (reaches($url, $type)) { print "seen: $what reach $url\n" }
        else { print "seen: $what do not reach $url\n" }
    }
    my $made = open(my $file, '>', '/var/run/datadog/put-there');
    print "seen: can replace the Agent's sockets\n" if $made;
    exit 0;
}
is_up();
sleep 3600 while 1;
