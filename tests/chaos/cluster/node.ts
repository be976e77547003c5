/** One RabbitMQ node of a cluster, as a process of this machine or as a container. */
export interface ClusterNode {
  /** As Erlang knows it: `hare@localhost`. */
  name: string;
  url: string;
  /** Starts it, for the first time or again with the data that it has; does not wait until it is up. */
  start(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Cuts it off from the other nodes, until `rejoin`. Can be repeated. */
  cut(others: readonly ClusterNode[]): Promise<void>;
  rejoin(others: readonly ClusterNode[]): Promise<void>;
  /**
   * Runs `rabbitmqctl` for this node, and returns what it prints.
   * @throws when it fails.
   */
  control(...args: string[]): Promise<string>;
}

/** The nodes of a cluster that is to be, none of them started. */
export interface ClusterNodes {
  nodes: readonly ClusterNode[];
  /** Ends all nodes and removes what they leave behind. */
  remove: () => Promise<void>;
}

export const nodeNames = ['hare', 'rabbit', 'coney'] as const;

/**
 * A node that is cut off from the majority pauses until it is back, so that clients go elsewhere: what clusters with
 * quorum queues are advised to set.
 */
export const settings = ['cluster_partition_handling = pause_minority', 'disk_free_limit.absolute = 50MB'];
